import type { SourceRecord } from "../../src/domain/event.ts";
import { readSource } from "../../src/sources/index.ts";

export const now = Date.parse("2026-11-22T12:00:00Z");

/** The input in chunks of these sizes, the last one repeated; without sizes in one. */
export async function* chunked(input: string | Uint8Array, ...sizes: number[]): AsyncGenerator<Uint8Array> {
  const bytes = typeof input === "string" ? Buffer.from(input) : input;
  let from = 0;
  for (let turn = 0; from < bytes.length; turn++) {
    const size = Math.max(1, sizes[Math.min(turn, sizes.length - 1)] ?? bytes.length);
    // A buffer of its own that is spoilt afterwards, as a stream may use its memory again.
    const chunk = Uint8Array.from(bytes.subarray(from, from + size));
    from += size;
    yield chunk;
    chunk.fill(0x7b);
  }
}

/** Everything that an input comes to. */
export async function readAll(
  input: string | Uint8Array | AsyncIterable<Uint8Array>,
  source?: string,
): Promise<{ source: string; records: SourceRecord[] }> {
  const bytes = typeof input === "string" || input instanceof Uint8Array ? chunked(input) : input;
  const result = await readSource(bytes, { name: "export", now, source });
  return { source: result.source, records: await Array.fromAsync(result.records) };
}

export function eventsOf(records: readonly SourceRecord[]) {
  return records.flatMap((record) => (record.type === "event" ? [record.event] : []));
}

export function membersOf(records: readonly SourceRecord[]) {
  return records.flatMap((record) => (record.type === "member" ? [record.member] : []));
}

export function rejectedOf(records: readonly SourceRecord[]) {
  return records.flatMap(({ line, ...record }) =>
    record.type === "rejected" ? [{ line, reason: record.reason }] : [],
  );
}

/** A line of the plain format. */
export function plainLine(id: string, fields: Record<string, unknown> = {}): string {
  return JSON.stringify({ id, at: "2026-10-01T08:00:00Z", user: { id: "u1" }, kind: "login", ...fields });
}
