import type { SourceRecord, UsageEvent } from "../domain/event.ts";
import { createIdentity, nameOfTrace } from "./identity.ts";
import { parseInstant } from "./instant.ts";
import type { CutRecord, EventDraft, Form } from "./source.ts";
import { Rejection, SOURCE_ZONE } from "./source.ts";
import { createYears } from "./wall-clock.ts";

/** Makes of one cut record what the store takes; `undefined` for one that says nothing. */
export type Settle = (record: CutRecord) => SourceRecord | undefined;

/**
 * Settles the records of one input, in order; `now` bounds their times, and `timeZone` (an IANA name) is that of a
 * server that wrote times without an offset. `nameEvent` is for an input that has no end.
 */
export function createSettle(
  form: Form,
  now: number,
  timeZone?: string,
  nameEvent: (trace: readonly unknown[]) => string = createIdentity(),
): Settle {
  const withYear = createYears(now, timeZone);

  const eventOf = (draft: EventDraft): UsageEvent => {
    // Before the name, which is made of the raw time and must not count what is rejected.
    const at =
      draft.zone === SOURCE_ZONE
        ? parseInstant(withYear(draft.time), now, timeZone)
        : parseInstant(draft.time, now, draft.zone);
    return {
      id: draft.id ?? (draft.hasCopies ? nameOfTrace(draft.trace) : nameEvent(draft.trace)),
      at,
      account: draft.account,
      kind: draft.kind,
      ...(draft.session !== undefined && { session: draft.session }),
      ...(draft.device !== undefined && { device: draft.device }),
    };
  };

  return (record) => {
    const { line } = record;
    if ("broken" in record) {
      return { type: "rejected", reason: record.broken, line, ...(record.isCutOff && { isCutOff: true }) };
    }
    try {
      const translation = form.translate(record.fields);
      if (translation === undefined) return undefined;
      if (translation.type === "member") return { type: "member", member: translation.member, line };
      const { unknown } = translation;
      const event = eventOf(translation);
      return { type: "event", event, line, ...(unknown !== undefined && { unknown: wordOf(unknown) }) };
    } catch (error) {
      if (error instanceof Rejection) {
        return { type: "rejected", reason: error.message, line, ...(record.isUnended && { isCutOff: true }) };
      }
      throw error;
    }
  };
}

const LONGEST_WORD = 60;

/** A vault's own word for a kind of event, which is told to people; nothing else of a record is. */
function wordOf(text: string): string {
  return (
    text
      .replace(/[^\p{L}\p{M}\p{N}_ .:-]+/gu, " ")
      .trim()
      .slice(0, LONGEST_WORD)
      .replace(/\p{Cs}$/u, "") || "nothing"
  );
}
