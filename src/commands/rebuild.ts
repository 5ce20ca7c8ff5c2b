import { createCalendar, DEFAULT_ZONE } from "../domain/calendar.ts";
import { plural } from "../domain/words.ts";
import { UsageError } from "../errors.ts";
import { withLease } from "../store/lease.ts";
import { rebuildAll } from "../store/rebuild.ts";
import type { Command } from "./command.ts";

/** Makes all that is derived from the events anew, in another zone if one is asked for. */
export const rebuildCommand: Command = {
  words: "rebuild [--time-zone ZONE]",
  help: "make people, sessions and daily numbers anew from the events, as after a change of zone",
  examples: ["rebuild", "rebuild --time-zone Europe/Oslo"],
  where: "terminal",
  audience: "admins",
  needs: "store",
  async run(words, deps, options) {
    if (words.length > 0) throw new UsageError("rebuild takes no words; --time-zone ZONE sets the zone");
    const { timeZone } = await deps.store.calendar(DEFAULT_ZONE);
    const zone = options.zone ?? deps.zone ?? timeZone;
    await deps.store.prepare();
    await withLease(
      deps.store,
      "ingest",
      (lease) =>
        rebuildAll(deps.store, createCalendar(zone), lease, (what, { done, total }) =>
          deps.onProgress({ what, done, total }),
        ),
      () => deps.onNotice("An import is under way; waiting for it to end."),
    );
    const people = await deps.store.people.countDocuments();
    return {
      type: "text",
      text: `Rebuilt for ${plural(people, "person", "people")}; days are those of ${zone}.`,
    };
  },
};
