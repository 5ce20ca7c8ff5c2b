import { type Target, targetKey } from "../domain/target.ts";
import { duplicatesOf, isDuplicateKey } from "../store/errors.ts";
import type { Store } from "../store/open.ts";
import type {
  DeliveryDocument,
  OwnerDocument,
  RunDocument,
  RunKind,
  ScheduleDocument,
} from "../store/schedule-documents.ts";
import type { Verdict } from "./policy.ts";
import { runId, whenOf } from "./schedule.ts";

export type Ledger = Pick<Store, "runs" | "deliveries">;

const MINUTE = 60_000;
/** For how long after its beginning a run is worked on. */
const TIME = 120 * MINUTE;

/** What a run begins with. Instants are milliseconds since the epoch. */
interface Beginning {
  readonly schedule: Pick<
    ScheduleDocument,
    "_id" | "request" | "formats" | "whenEmpty" | "owner" | "rule" | "zone"
  >;
  readonly kind: RunKind;
  readonly slot: number;
  readonly targets: readonly Target[];
  readonly now: number;
  readonly wakeAt: number;
  readonly askedBy?: OwnerDocument;
  /** Why it is not to be sent at all. */
  readonly missed?: string;
}

/**
 * Enters a run and its deliveries into the ledger; what is there already stays as it is. Gives the run's id. The run
 * comes last: before that, nobody works on it.
 */
export async function enterRun(store: Ledger, beginning: Beginning): Promise<string> {
  const { kind, slot, targets, now, wakeAt, missed } = beginning;
  const { _id: schedule, request, formats, whenEmpty, owner } = beginning.schedule;
  const id = runId(schedule, kind, slot);
  const deliveries = targets.map((target): DeliveryDocument => {
    const at = new Date(now);
    return {
      _id: `${id} ${targetKey(target)}`,
      run: id,
      schedule,
      kind,
      slot: new Date(slot),
      target,
      state: missed === undefined ? "pending" : "skipped",
      attempts: 0,
      retryAt: at,
      holder: null,
      begunAt: null,
      endedAt: missed === undefined ? null : at,
      reference: null,
      reason: missed ?? null,
      isHopeless: false,
      lacking: null,
      files: [],
    };
  });
  await store.deliveries.insertMany(deliveries, { ordered: false }).catch(duplicatesOf);
  const run: RunDocument = {
    _id: id,
    schedule,
    kind,
    slot: new Date(slot),
    plan: { request, formats, whenEmpty, owner, when: whenOf(beginning.schedule) },
    askedBy: beginning.askedBy ?? null,
    createdAt: new Date(now),
    state: missed === undefined ? "open" : "missed",
    wakeAt: new Date(wakeAt),
    holder: null,
    deadline: new Date(wakeAt + TIME),
    begun: 0,
    files: {},
  };
  await store.runs.insertOne(run).catch((error: unknown) => {
    if (!isDuplicateKey(error)) throw error;
  });
  return id;
}

/**
 * Opens a run that was entered as missed, for when its slot comes after all: clocks may be set ahead and back. Nothing
 * of a missed run was ever sent.
 */
export async function openMissed(store: Ledger, id: string, now: number, wakeAt: number): Promise<void> {
  const missed = await store.runs.findOne({ _id: id, state: "missed" });
  if (missed === null) return;
  await store.deliveries.updateMany(
    { run: id, state: "skipped" },
    { $set: { state: "pending", retryAt: new Date(now), reason: null, endedAt: null } },
  );
  const deadline = new Date(wakeAt + TIME);
  await store.runs.updateOne(
    { _id: id, state: "missed" },
    { $set: { state: "open", wakeAt: new Date(wakeAt), deadline } },
  );
}

/**
 * What was being sent when whoever sent it ended, or lost touch: nobody can say whether it arrived. Should they live
 * after all, `endSend` still puts it right.
 */
export async function doubtLeftovers({ deliveries }: Ledger, run: string, now: number): Promise<void> {
  await deliveries.updateMany(
    { run, state: "sending" },
    {
      $set: {
        state: "unknown",
        endedAt: new Date(now),
        reason: "the app ended while this was being sent, so it may have arrived or not",
      },
    },
  );
}

/** Takes the right to send one delivery, which one process gets once; `files` are the archived ones that go with it. */
export async function beginSend(
  { deliveries }: Ledger,
  { _id }: DeliveryDocument,
  holder: string,
  now: number,
  files: readonly string[],
): Promise<boolean> {
  const { matchedCount } = await deliveries.updateOne(
    { _id, state: "pending" },
    {
      $set: { state: "sending", holder, begunAt: new Date(now), reason: null, files: [...files] },
      $inc: { attempts: 1 },
    },
  );
  return matchedCount === 1;
}

/** What became of a send. */
type Ending =
  | { readonly state: "sent"; readonly reference: string; readonly lacking: string | null }
  | Verdict;

/**
 * Writes down what became of a send that `beginSend` began. Where it was in doubt by then, the run has gone on without
 * it: what could be tried again has failed, and whoever looks at it decides.
 */
export async function endSend(
  { deliveries }: Ledger,
  { _id }: DeliveryDocument,
  holder: string,
  now: number,
  ending: Ending,
): Promise<void> {
  const facts =
    ending.state === "sent" ? { ...ending, reason: null, isHopeless: false } : verdictFacts(ending, now);
  const endedAt = new Date(now);
  const { matchedCount } = await deliveries.updateOne(
    { _id, holder, state: "sending" },
    { $set: { ...facts, endedAt } },
  );
  if (matchedCount > 0) return;
  const late = facts.state === "pending" ? { ...facts, state: "failed" as const } : facts;
  await deliveries.updateOne({ _id, holder, state: "unknown" }, { $set: { ...late, endedAt } });
}

/** Writes down what becomes of deliveries that are not sent now. */
export async function putOff(
  { deliveries }: Ledger,
  ids: readonly string[],
  now: number,
  verdict: Verdict,
): Promise<void> {
  await deliveries.updateMany(
    { _id: { $in: [...ids] }, state: "pending" },
    { $set: { ...verdictFacts(verdict, now), endedAt: new Date(now) }, $inc: { attempts: 1 } },
  );
}

function verdictFacts({ state, reason, retryAt, isHopeless = false }: Verdict, now: number) {
  return { state, reason, isHopeless, retryAt: new Date(retryAt ?? now) };
}

/**
 * Opens the runs that are over though something of them is not: for whoever ended between two writes. Gives how many.
 */
export async function openUnsettled({ deliveries, runs }: Ledger, now: number): Promise<number> {
  const unsettled = await deliveries
    .find({ state: { $in: ["pending", "sending"] } }, { projection: { run: 1 }, limit: MOST_UNSETTLED })
    .toArray();
  const ids = [...new Set(unsettled.map(({ run }) => run))];
  const { modifiedCount } = await runs.updateMany(
    { _id: { $in: ids }, state: "done" },
    { $set: { state: "open", wakeAt: new Date(now), deadline: new Date(now + TIME) } },
  );
  return modifiedCount;
}

const MOST_UNSETTLED = 1_000;
