import type { SourceRecord, UsageEvent } from "../domain/event.ts";
import { createIdentity } from "./identity.ts";
import { parseInstant } from "./instant.ts";
import type { CutRecord, EventDraft, Form } from "./source.ts";
import { Rejection } from "./source.ts";

/** Makes of one cut record what the store takes; `undefined` for one that says nothing. */
export type Settle = (record: CutRecord) => SourceRecord | undefined;

/** Settles the records of one input, in order; `now` bounds their times. */
export function createSettle(form: Form, now: number): Settle {
  const nameEvent = createIdentity();

  const eventOf = (draft: EventDraft): UsageEvent => {
    // Before the name, which is made of the raw time and must not count what is rejected.
    const at = parseInstant(draft.time, now);
    return {
      id: draft.id ?? nameEvent(draft.trace),
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
      return { type: "event", event: eventOf(translation), line };
    } catch (error) {
      if (error instanceof Rejection) return { type: "rejected", reason: error.message, line };
      throw error;
    }
  };
}
