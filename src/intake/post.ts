import type { SourceRecord } from "../domain/event.ts";
import { createJsonCutter } from "../sources/json-cutter.ts";
import { plain } from "../sources/plain.ts";
import { createSettle } from "../sources/settle.ts";
import { BreakOff, type CutRecord } from "../sources/source.ts";
import type { InboxEvent } from "../store/feed-documents.ts";
import type { Feeds } from "./feeds.ts";
import type { Inbox } from "./inbox.ts";
import type { IntakeLimits } from "./limits.ts";

const SOURCE = "plain";
const [form] = plain.forms;

/** What came of a body. Events that are accepted are stored, whatever else went wrong. */
export interface Taken {
  readonly accepted: number;
  readonly rejected: number;
  /** Of the rejected records the first; `line` counts from 1. */
  readonly faults: readonly { readonly line: number; readonly reason: string }[];
  /** Why the body ends before its end. */
  readonly brokenOff?: string;
}

/**
 * Takes plain events from a body, storing them as they come: it resolves once all of them are stored. Whatever it does
 * not resolve, the same body may be sent again and adds nothing twice: events have ids, or get them from what they say
 * and their number in the body. Errors of `bytes` come through, but for a `BreakOff`.
 */
export async function takeBody(
  { inbox, feeds, clock, limits }: TakeDeps,
  sender: string,
  bytes: AsyncIterable<Uint8Array>,
  { lineByLine }: { readonly lineByLine: boolean },
): Promise<Taken> {
  if (form === undefined) throw new RangeError("the plain source has a form");
  const feed = { _id: `post ${sender}`, source: SOURCE };
  const settle = createSettle(form, clock());
  const cutter = createJsonCutter({ lineByLine });
  const faults: { line: number; reason: string }[] = [];
  let events: InboxEvent[] = [];
  let [accepted, rejected] = [0, 0];
  let brokenOff: string | undefined;
  let lastReason: string | undefined;

  const note = (record: SourceRecord | undefined): void => {
    if (record?.type === "event") events.push(record.event);
    if (record?.type !== "rejected") return;
    const { line, reason, isCutOff } = record;
    rejected += 1;
    lastReason = reason;
    if (isCutOff) brokenOff = reason;
    if (faults.length < limits.post.faults) faults.push({ line, reason });
  };
  const takeIn = (cut: readonly CutRecord[]): void => {
    for (const record of cut) note(settle(record));
  };
  const put = async (): Promise<void> => {
    const stored = events;
    events = [];
    await inbox.put([{ feed, events: stored }]);
    accepted += stored.length;
  };

  try {
    const last: CutRecord[] = [];
    try {
      for await (const chunk of bytes) {
        const cut: CutRecord[] = [];
        cutter.feed(chunk, cut);
        takeIn(cut);
        if (events.length >= limits.documentEvents) await put();
      }
      cutter.end(last);
    } catch (error) {
      if (!(error instanceof BreakOff)) throw error;
      cutter.end(last, error.message);
    }
    takeIn(last);
    if (events.length > 0) await put();
  } finally {
    feeds.heard(feed, { read: accepted + rejected, rejected, reason: lastReason });
  }
  return { accepted, rejected, faults, ...(brokenOff !== undefined && { brokenOff }) };
}

export interface TakeDeps {
  readonly inbox: Pick<Inbox, "put">;
  readonly feeds: Pick<Feeds, "heard">;
  readonly clock: () => number;
  readonly limits: IntakeLimits;
}
