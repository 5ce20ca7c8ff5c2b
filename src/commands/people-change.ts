import { DEFAULT_ZONE } from "../domain/calendar.ts";
import { oneLine } from "../domain/format.ts";
import { personLabel } from "../domain/person.ts";
import { quoteWord, readWord } from "../domain/words.ts";
import { AppError, UsageError } from "../errors.ts";
import {
  changed,
  type Decisions,
  markRobot,
  putUnder,
  takeApart,
  writeDecisions,
} from "../store/decisions.ts";
import type { DecisionDocument, PersonDocument } from "../store/documents.ts";
import { groupAccounts } from "../store/grouping.ts";
import { type Lease, tryLease, withLease } from "../store/lease.ts";
import { rollUp } from "../store/rollups.ts";
import { catchUp } from "./catch-up.ts";
import type { CommandDeps } from "./command.ts";
import { findMeant, type PeopleState, readPeople } from "./people-state.ts";
import type { Reply } from "./reply.ts";

/** What is to change, and what is said of it. */
interface Plan {
  readonly changes: readonly DecisionDocument[];
  readonly text: string;
}

/** What can be decided of people: the words behind `people`, each with what it takes. */
export const deeds = { merge, split, robot } as const satisfies Record<
  string,
  (words: readonly string[], deps: CommandDeps) => Promise<Reply>
>;

/** Makes the second's accounts the first's, once that is confirmed. */
async function merge(given: readonly string[], deps: CommandDeps): Promise<Reply> {
  const right = `${typed(deps)}people merge WHO WHO, such as people merge ann@example.com bitwarden/u7`;
  const [first, second, third] = given;
  if (first === undefined || second === undefined || given.length > 3)
    throw new UsageError(`merge takes two people: ${right}`);
  if (third !== undefined && third.toLowerCase() !== "yes")
    throw new UsageError(`behind the two people stands yes, or nothing: ${right}`);
  const plan = (state: PeopleState): Plan & { readonly told: string } => {
    const lead = findMeant(state, readWord(first).text);
    const other = findMeant(state, readWord(second).text);
    if (lead.person === other.person)
      throw new UsageError(`these are one person already: ${labelOf(lead.person)}`);
    const changes = putUnder(state.decisions, other.accounts, lead.accounts[0] ?? lead.person._id);
    const one = peopleOf(state, changes, lead.accounts)[0] ?? lead.person;
    const both = `${describe(lead.person)} and ${describe(other.person)}`;
    return {
      changes,
      told: `This makes one person of ${both}.\nThey are ${labelOf(one)} from then on, with all that both did.`,
      text: `${labelOf(one)} is one person now, with the accounts ${one.accounts.map(oneLine).join(", ")}.`,
    };
  };
  if (third !== undefined) return decide(deps, plan);
  const { told } = plan(await current(deps));
  const words = [first, second].map((word) => quoteWord(readWord(word).text)).join(" ");
  return { type: "text", text: `${told}\nTo do it, type: ${typed(deps)}people merge ${words} yes` };
}

/** Takes an account, and those with its e-mail, out of what it was merged into. */
async function split(given: readonly string[], deps: CommandDeps): Promise<Reply> {
  const [word] = given;
  if (word === undefined || given.length > 1)
    throw new UsageError(
      `split takes one account, such as ${typed(deps)}people split bitwarden/u7; people NAME shows them`,
    );
  return decide(deps, (state) => {
    const { person, accounts } = findMeant(state, readWord(word).text);
    const changes = takeApart(state.decisions, accounts);
    if (changes.length === 0)
      throw new UsageError(`nobody merged ${accounts.map(oneLine).join(", ")} with another account`);
    const apart = peopleOf(state, changes, person.accounts);
    return { changes, text: `These are people of their own now: ${apart.map(describe).join("; ")}.` };
  });
}

/** Says that somebody is a robot, or is none, whatever the sources say. */
async function robot(given: readonly string[], deps: CommandDeps): Promise<Reply> {
  const [word, no] = given;
  if (word === undefined || given.length > 2 || (no !== undefined && no.toLowerCase() !== "no"))
    throw new UsageError(`robot takes one account or person, and no to take it back: people robot WHO [no]`);
  const isRobot = no === undefined;
  return decide(deps, (state) => {
    const { person } = findMeant(state, readWord(word).text);
    const what = isRobot ? "a service account, and is left out of the numbers" : "a person";
    const back = isRobot
      ? `; ${typed(deps)}people robot ${quoteWord(readWord(word).text)} no takes it back`
      : "";
    return {
      changes: markRobot(state.decisions, person.accounts, isRobot),
      text: `${labelOf(person)} counts as ${what} from now on, whatever the sources say${back}.`,
    };
  });
}

const typed = ({ front }: Pick<CommandDeps, "front">): string => (front === "slack" ? "/usage " : "");

/** The name on one line: it comes from outside. */
const labelOf = (person: PersonDocument): string => oneLine(personLabel(person));

function describe(person: PersonDocument): string {
  return `${labelOf(person)} (${person.accounts.map(oneLine).join(", ")})`;
}

/** The people whom some accounts would be with these changes. */
function peopleOf(
  { accounts, decisions }: PeopleState,
  changes: readonly DecisionDocument[],
  wanted: readonly string[],
): PersonDocument[] {
  const next: Decisions = changed(decisions, changes);
  return groupAccounts(accounts.values(), next.values()).filter((person) =>
    person.accounts.some((account) => wanted.includes(account)),
  );
}

async function current(deps: CommandDeps): Promise<PeopleState> {
  await catchUp(deps);
  return readPeople(deps.store);
}

/**
 * Keeps what is decided of the people as they are, and makes anew what is derived for them.
 * @throws AppError in Slack, where nobody waits for minutes, while an import is under way
 */
async function decide(deps: CommandDeps, plan: (state: PeopleState) => Plan): Promise<Reply> {
  const { store, zone, onProgress, onNotice } = deps;
  await store.prepare();
  const work = async (lease: Lease): Promise<Reply> => {
    const calendar = await store.calendar(zone ?? DEFAULT_ZONE);
    const renew = () =>
      rollUp(store, {
        calendar,
        lease,
        onProgress: (progress) => onProgress({ what: "Computing", ...progress }),
      });
    await renew();
    const { changes, text } = plan(await readPeople(store));
    lease.check();
    await writeDecisions(store, changes);
    await renew();
    return { type: "text", text };
  };
  if (deps.front === "terminal")
    return withLease(store, "ingest", work, () => onNotice("An import is under way; waiting for it to end."));
  const lease = await tryLease(store, "ingest");
  if (lease === undefined)
    throw new AppError("an import holds the lease", {
      retryable: true,
      userMessage: "an import is under way; please try again when it is done",
    });
  try {
    return await work(lease);
  } finally {
    await lease.release();
  }
}
