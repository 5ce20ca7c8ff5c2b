import { expect, test } from "vitest";
import { readSource } from "../../src/sources/index.ts";
import { now } from "./read.ts";

const count = 60_000;
const filler = "f".repeat(380);

function usage(index: number): string {
  const timestamp = new Date(1_760_000_000_000 + index * 1000).toISOString();
  return `{"uuid":"A${index}","timestamp":"${timestamp}","action":"fill","user":{"uuid":"U${index % 50}"},"client":{"app_name":"${filler}"}}`;
}

/** 30 MB of one page in one line. */
async function* page(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('{"cursor":"c","has_more":false,"items":[');
  for (let index = 0; index < count; index += 100) {
    const items = Array.from({ length: 100 }, (_, offset) => usage(index + offset));
    yield Buffer.from((index === 0 ? "" : ",") + items.join(","));
  }
  yield Buffer.from("]}\n");
}

test("one page of 30 MB is read without being held", async () => {
  const { records } = await readSource(page(), { name: "export", now });
  globalThis.gc?.();
  const before = process.memoryUsage();
  let read = 0;
  let peak = 0;
  for await (const record of records) {
    if (record.type === "event") read++;
    if (read % 5000 === 0) {
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      peak = Math.max(peak, heapUsed + arrayBuffers - before.heapUsed - before.arrayBuffers);
    }
  }
  expect(read).toBe(count);
  // Whatever the collector leaves lying about; the file itself, held as text, would be more.
  expect(peak).toBeLessThan(100 * 1024 * 1024);
});
