import type { Logger } from "pino";
import type { Viewer } from "../domain/viewer.ts";
import { AccessError, AppError } from "../errors.ts";
import { recordAudit } from "../store/audit.ts";
import type { AuditDocument } from "../store/documents.ts";
import type { Store } from "../store/open.ts";
import { errorFacts } from "./log.ts";

/** Who asks for what in Slack, and from where. */
export type Asking = Pick<AuditDocument, "who" | "workspace" | "by" | "what" | "where">;

export interface AuditDeps {
  readonly store: Pick<Store, "audit">;
  readonly clock: () => number;
  readonly logger: Logger;
}

/**
 * Makes an answer and keeps that it was asked for, before anybody sees it: what cannot be kept is not shown. `produce`
 * says whose use the person may see as soon as that is known.
 */
export async function audited<T>(
  { store, clock, logger }: AuditDeps,
  asking: Asking,
  produce: (sees: (viewer: Viewer) => void) => Promise<T>,
): Promise<T> {
  let sees: Viewer["sees"] | null = null;
  const entry = (outcome: AuditDocument["outcome"], reason?: string) => ({
    ...asking,
    front: "slack" as const,
    at: new Date(clock()),
    sees,
    outcome,
    ...(reason === undefined ? {} : { reason }),
  });
  let result: T;
  try {
    result = await produce((viewer) => {
      sees = viewer.sees;
    });
  } catch (error) {
    const reason = error instanceof AppError ? (error.userMessage ?? error.message) : "something went wrong";
    const outcome = error instanceof AccessError ? "refused" : "failed";
    await recordAudit(store, entry(outcome, reason)).catch((failure: unknown) =>
      logger.error({ err: errorFacts(failure), ...asking }, "a request could not be kept"),
    );
    throw error;
  }
  await recordAudit(store, entry("answered"));
  return result;
}
