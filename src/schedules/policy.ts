import { AppError, DeliveryError } from "../errors.ts";
import type { DeliveryDocument, DeliveryState } from "../store/schedule-documents.ts";

/** Milliseconds before the second, third, … try. */
const PAUSES = [10_000, 60_000, 300_000, 1_200_000];
/** Failed slots in a row after which a schedule pauses itself. */
export const MOST_FAILURES = 3;

/** What became of a try: `retryAt` (milliseconds since the epoch) is there where it is tried again. */
export interface Verdict {
  readonly state: Extract<DeliveryState, "pending" | "failed" | "unknown" | "skipped">;
  readonly reason: string;
  readonly retryAt?: number;
  /** Whether it cannot succeed until somebody changes something. */
  readonly isHopeless?: boolean;
}

/** What somebody reads of an error; undefined for one that only the log may hold. */
export function reasonOf(error: unknown): string {
  return (
    (error instanceof AppError ? error.userMessage : undefined) ?? "something went wrong; the log has more"
  );
}

/**
 * What follows from a try that failed, purely from the error. `during` says whether the send had begun: an error that
 * no channel has understood leaves then open whether it arrived, and that is never tried again by itself. Before, it
 * is tried again. A wait that the other side asks for goes before our own pauses, and is no reason to give up.
 */
export function judge(
  error: unknown,
  during: "preparing" | "sending",
  { attempts, now, deadline }: { readonly attempts: number; readonly now: number; readonly deadline: number },
): Verdict {
  const reason = reasonOf(error);
  const fate = error instanceof DeliveryError ? error.fate : during === "sending" ? "unknown" : "not sent";
  if (fate === "unwanted") return { state: "skipped", reason };
  if (fate === "unknown") return { state: "unknown", reason };
  if (error instanceof AppError && !error.retryable) return { state: "failed", reason, isHopeless: true };
  const asked = error instanceof DeliveryError ? error.retryAfter : undefined;
  // Who says when to come again is willing to take it.
  const pause = PAUSES[attempts - 1] ?? asked;
  if (pause === undefined) return { state: "failed", reason: `${reason} (tried ${attempts} times)` };
  const retryAt = now + (asked ?? pause);
  if (retryAt > deadline) return { state: "failed", reason: `${reason} (no time was left for another try)` };
  return { state: "pending", reason, retryAt };
}

/** How a run went: whether anything arrived, or is at least on its way. */
export type Outcome = "sent" | "partial" | "failed" | "skipped";

/** The outcome of a run whose targets are all settled. What is unknown is no success. */
export function outcomeOf(deliveries: readonly Pick<DeliveryDocument, "state">[]): Outcome {
  const count = (state: DeliveryState): number =>
    deliveries.filter((delivery) => delivery.state === state).length;
  const wrong = count("failed") + count("unknown");
  if (wrong > 0) return count("sent") > 0 ? "partial" : "failed";
  return count("sent") > 0 ? "sent" : "skipped";
}

/**
 * Why a schedule pauses itself after a run, in a sentence; undefined where it goes on. `outcomes` are those of its
 * slots, the newest first; `isHopeless` says that no target of the newest can be reached without a change.
 */
export function whyPause(outcomes: readonly Outcome[], isHopeless: boolean): string | undefined {
  if (isHopeless) return "none of its targets can be reached until something is changed";
  const last = outcomes.slice(0, MOST_FAILURES);
  if (last.length < MOST_FAILURES || last.some((outcome) => outcome !== "failed")) return undefined;
  return `it failed ${MOST_FAILURES} times in a row`;
}
