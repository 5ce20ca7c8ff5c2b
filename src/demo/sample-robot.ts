import { addDays, createCalendar, eachDay, MINUTE } from "../domain/calendar.ts";
import { createRandom, randomUuid } from "./random.ts";
import type { SampleOptions } from "./sample-events.ts";

/** The most that Bitwarden gives at once. */
const pageLength = 50;
const secretRetrieved = 2100;
const secretCreated = 2101;
/** Bitwarden's number for its command line. */
const commandLine = 23;

/**
 * A robot's secrets, fetched every night soon after two, and renewed on the first of the month: pages as Bitwarden's
 * Public API gives them, newest first.
 */
export function sampleRobotPages({ now, timeZone, seed = 1, days = 90 }: SampleOptions): object[] {
  const calendar = createCalendar(timeZone);
  const today = calendar.dayOf(now);
  const self = createRandom(`${seed}/robot`);
  const serviceAccountId = randomUuid(self);
  const secrets = Array.from({ length: 9 }, () => randomUuid(self));
  const projectId = randomUuid(self);

  const events = eachDay({ from: addDays(today, 1 - days), to: today }).flatMap((day) => {
    const random = createRandom(`${seed}/robot/${day}`);
    const start = calendar.startOf(day) + 125 * MINUTE + random.whole(0, 20_000);
    const types = day.endsWith("-01") ? [secretRetrieved, secretCreated] : [secretRetrieved];
    return types.flatMap((type, round) =>
      secrets.map((secretId, i) => ({
        object: "event",
        type,
        at: start + round * MINUTE + i * 1500 + random.whole(0, 900),
        secretId,
      })),
    );
  });
  const data = events
    .filter(({ at }) => at <= now)
    .sort((a, b) => b.at - a.at)
    .map(({ at, ...event }) => ({
      ...event,
      projectId,
      serviceAccountId,
      actingUserId: null,
      date: new Date(at).toISOString(),
      device: commandLine,
    }));
  const pages = Math.ceil(data.length / pageLength);
  return Array.from({ length: pages }, (_, page) => ({
    object: "list",
    data: data.slice(page * pageLength, (page + 1) * pageLength),
    continuationToken: page + 1 < pages ? randomUuid(createRandom(`${seed}/page/${page}`)) : null,
  }));
}
