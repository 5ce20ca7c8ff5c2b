import type { Rule } from "../domain/recurrence.ts";
import type { Target } from "../domain/target.ts";

/** Whose a schedule is: what they may see, its reports show. */
export interface OwnerDocument {
  /** As in the audit: a Slack user id, or the name of the machine's user. */
  who: string;
  workspace?: string;
  front: "slack" | "terminal";
  /** Whose eyes a terminal's `--as` took. */
  email?: string;
}

/** What to do when a report has nothing to tell: nothing, say so, or send it all the same. */
export type WhenEmpty = "skip" | "say" | "send";

/** A report that is sent again and again. */
export interface ScheduleDocument {
  /** Four characters, for people to type. */
  _id: string;
  /** As `formatRequest` writes it; its period is told from the slot. */
  request: string;
  /** The formats of the files that come with it. */
  formats: string[];
  targets: Target[];
  rule: Rule;
  /** IANA name. */
  zone: string;
  whenEmpty: WhenEmpty;
  owner: OwnerDocument;
  createdAt: Date;
  changedAt: Date;
  state: "active" | "paused" | "deleted";
  /** Why it is paused, in a sentence; null where somebody paused it. */
  pausedWhy: string | null;
  /** The slot that comes next; null unless it is active. */
  next: Date | null;
  /** When somebody last showed that they want it: by setting it up, changing it, fetching one of its files. */
  wantedAt: Date;
}

/** By the schedule's rule, asked for with *run now*, or as a test to whoever asked. */
export type RunKind = "slot" | "now" | "test";

/** What a run sends, as the schedule had it when the run was entered. */
export interface RunPlan extends Pick<ScheduleDocument, "request" | "formats" | "whenEmpty" | "owner"> {
  /** When it comes, in words. */
  when: string;
}

/** One time that a schedule's report is made and sent. */
export interface RunDocument {
  /** `<schedule> <kind> <slot>`: a slot has one run, however many processes come upon it. */
  _id: string;
  schedule: string;
  kind: RunKind;
  /** The moment that the report is told for. */
  slot: Date;
  plan: RunPlan;
  /** Who asked for it, where it is none of the rule's. */
  askedBy: OwnerDocument | null;
  createdAt: Date;
  /** Whether work is left; a missed one was not begun in time. */
  state: "open" | "done" | "missed";
  /** When it is to be worked on; whoever works on it moves that on, so that it comes back if they end. */
  wakeAt: Date;
  /** Who works on it. */
  holder: string | null;
  /** After this nothing of it is begun or tried again. */
  deadline: Date;
  /** How often in a row whoever worked on it ended before the work did. */
  begun: number;
  /** The archived files, by whether names are masked in them. */
  files: { full?: string[]; masked?: string[] };
}

/** What is known of sending one run to one target. */
export type DeliveryState = "pending" | "sending" | "sent" | "failed" | "skipped" | "unknown";

/** The ledger: one for each schedule, slot and target. */
export interface DeliveryDocument {
  /** `<run> <target>`. */
  _id: string;
  run: string;
  schedule: string;
  kind: RunKind;
  slot: Date;
  target: Target;
  state: DeliveryState;
  /** How often a send was begun. */
  attempts: number;
  /** When it may be tried; for what is pending. */
  retryAt: Date;
  /** Who sends it, or did last. */
  holder: string | null;
  begunAt: Date | null;
  endedAt: Date | null;
  /** What the other side calls it: a message's time in Slack, or an e-mail's Message-ID. */
  reference: string | null;
  /** Why it is in its state, in a sentence. */
  reason: string | null;
  /** Whether a failed one cannot succeed until somebody changes something. */
  isHopeless: boolean;
  /** What is missing of what was sent, in a sentence. */
  lacking: string | null;
  /** The archived files that were sent. */
  files: string[];
}

/** That somebody wants no more e-mails of a schedule. */
export interface UnsubscribedDocument {
  /** `<schedule> <e-mail>`. */
  _id: string;
  at: Date;
}
