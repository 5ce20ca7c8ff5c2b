import type { Viewer } from "../domain/viewer.ts";
import { AccessError, AppError } from "../errors.ts";
import { recordAudit } from "../store/audit.ts";
import type { AuditDocument } from "../store/documents.ts";
import type { CommandDeps } from "./command.ts";

/** Who asks for what, and from where. */
export type Asking = Pick<AuditDocument, "who" | "workspace" | "by" | "what" | "where">;

/**
 * Makes an answer and keeps that it was asked for, before anybody sees it: what cannot be kept is not shown. `produce`
 * says whose use the person may see as soon as that is known. A refusal or a failure is told even where it cannot be
 * kept; `onLost` hears of that.
 */
export async function audited<T>(
  { store, clock, front }: Pick<CommandDeps, "store" | "clock" | "front">,
  asking: Asking,
  produce: (sees: (viewer: Viewer) => void) => Promise<T>,
  onLost: (failure: unknown) => void,
): Promise<T> {
  let sees: Viewer["sees"] | null = null;
  const keep = (outcome: AuditDocument["outcome"], reason?: string) =>
    recordAudit(store, {
      ...asking,
      front,
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
    await keep(error instanceof AccessError ? "refused" : "failed", reason).catch(onLost);
    throw error;
  }
  await keep("answered");
  return result;
}
