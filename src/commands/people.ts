import { DEFAULT_ZONE } from "../domain/calendar.ts";
import { readWord } from "../domain/words.ts";
import { lastActivities } from "../reports/activity.ts";
import { createContext } from "../reports/context.ts";
import { catchUp } from "./catch-up.ts";
import type { Command, CommandDeps, CommandOptions } from "./command.ts";
import { deeds } from "./people-change.ts";
import { listPeople } from "./people-list.ts";
import { readPeople } from "./people-state.ts";
import { peopleText } from "./people-text.ts";
import type { Reply } from "./reply.ts";

/** Lists everybody with what is unclear about them, and keeps what an admin decides of it. */
export const peopleCommand: Command = {
  words: "people [WORD | merge WHO WHO | split ACCOUNT | robot WHO [no]]",
  help: "everybody who is known with their accounts, and what is unclear: who might be one person, accounts that nobody knows",
  examples: [
    "people",
    "people sales",
    "people merge ann@example.com bitwarden/u7",
    "people split bitwarden/u7",
    "people robot backup@example.com",
    "people robot backup@example.com no",
  ],
  where: "everywhere",
  audience: "admins",
  needs: "store",
  async run(words, deps, options) {
    const [first, ...rest] = words;
    // In quotes it is somebody's name.
    const name = first?.toLowerCase() ?? "";
    if (Object.hasOwn(deeds, name)) return deeds[name as keyof typeof deeds](rest, deps);
    return list(words.map((word) => readWord(word).text).join(" ") || undefined, deps, options);
  },
};

async function list(word: string | undefined, deps: CommandDeps, options: CommandOptions): Promise<Reply> {
  await catchUp(deps);
  const { store, rule, front } = deps;
  const now = options.now ?? deps.clock();
  const zone = options.zone ?? deps.zone ?? DEFAULT_ZONE;
  const [state, context] = await Promise.all([readPeople(store), createContext(store, { now, zone, rule })]);
  const activities = await lastActivities(context, context.people, now);
  const known = new Set(context.people.map((person) => person._id));
  const people = await listPeople(
    store,
    { ...state, people: state.people.filter((person) => known.has(person._id)) },
    (person) => activities.get(person._id)?.lastActive ?? null,
    word,
  );
  const text = peopleText(people, { front, calendar: context.calendar, now: new Date(now), word });
  return { type: "text", text, data: people };
}
