import type { AnyBulkWriteOperation } from "mongodb";
import type { DecisionDocument } from "./documents.ts";
import type { Store } from "./open.ts";
import { markPeopleStale } from "./stale.ts";

/** What was decided, by account. */
export type Decisions = ReadonlyMap<string, DecisionDocument>;

/** The decisions that change when accounts are put under another's person. */
export function putUnder(
  decisions: Decisions,
  accounts: readonly string[],
  leader: string,
): DecisionDocument[] {
  return accounts.map((_id) => {
    const old = decisions.get(_id);
    return { ...old, _id, under: [...new Set([...(old?.under ?? []), leader])].sort() };
  });
}

/** The decisions that change when accounts are to be a person of their own: all that tie them to others. */
export function takeApart(decisions: Decisions, accounts: readonly string[]): DecisionDocument[] {
  const own = new Set(accounts);
  return [...decisions.values()].flatMap(({ under, ...rest }): DecisionDocument[] => {
    if (under === undefined) return [];
    const kept = own.has(rest._id) ? [] : under.filter((leader) => !own.has(leader));
    if (kept.length === under.length) return [];
    return [kept.length > 0 ? { ...rest, under: kept } : rest];
  });
}

/** The decisions that change when accounts are said to be a robot's, or not. */
export function markRobot(
  decisions: Decisions,
  accounts: readonly string[],
  robot: boolean,
): DecisionDocument[] {
  return accounts.map((_id) => ({ ...decisions.get(_id), _id, robot }));
}

/** The decisions with some of them changed. */
export function changed(decisions: Decisions, changes: readonly DecisionDocument[]): Decisions {
  return new Map([...decisions, ...changes.map((each) => [each._id, each] as const)]);
}

export async function readDecisions({ decisions }: Pick<Store, "decisions">): Promise<Decisions> {
  return new Map((await decisions.find().toArray()).map((each) => [each._id, each]));
}

/** Keeps changed decisions; people are stale from before that on until `rollUp` has made them anew. */
export async function writeDecisions(
  store: Pick<Store, "decisions" | "stale">,
  changes: readonly DecisionDocument[],
): Promise<void> {
  if (changes.length === 0) return;
  await markPeopleStale(store);
  await store.decisions.bulkWrite(
    changes.map(({ _id, ...replacement }): AnyBulkWriteOperation<DecisionDocument> => {
      const saysNothing = replacement.under === undefined && replacement.robot === undefined;
      return saysNothing
        ? { deleteOne: { filter: { _id } } }
        : { replaceOne: { filter: { _id }, replacement, upsert: true } };
    }),
  );
}
