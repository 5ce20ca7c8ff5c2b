import { randomUUID } from "node:crypto";
import type { AuditDocument } from "./documents.ts";
import type { Store } from "./open.ts";

const LONGEST = 300;

/** Keeps who asked for what, and how that went. What was typed is clipped at 300 characters. */
export async function recordAudit(
  { audit }: Pick<Store, "audit">,
  { reason, ...entry }: Omit<AuditDocument, "_id">,
): Promise<void> {
  await audit.insertOne({
    ...entry,
    _id: randomUUID(),
    what: clip(entry.what),
    ...(reason === undefined ? {} : { reason: clip(reason) }),
  });
}

function clip(text: string): string {
  return text.toWellFormed().slice(0, LONGEST).toWellFormed();
}
