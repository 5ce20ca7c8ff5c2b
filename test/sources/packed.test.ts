import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { SourceError } from "../../src/errors.ts";
import { readSource } from "../../src/sources/index.ts";
import { spool } from "../../src/sources/spool.ts";
import { unpack } from "../../src/sources/unpack.ts";
import { temporaryFolder } from "../helpers/engine.ts";
import { usage } from "../helpers/usage.ts";
import { unpackAll, zipOf } from "./packing.ts";
import { chunked, now, plainLine } from "./read.ts";

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `${plainLine(`e${from + i}`)}\n`).join("");
const noise = (length: number): string => {
  let seed = 1;
  return Array.from({ length }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return String.fromCharCode(32 + (seed % 90));
  }).join("");
};

describe("gzip", () => {
  it("is read as it is, of one member or several", async () => {
    const packed = Buffer.concat([
      gzipSync(lines(0, 2)),
      gzipSync(""),
      gzipSync(lines(2, 5)),
      Buffer.alloc(512),
    ]);
    expect(await unpackAll(packed)).toEqual([{ name: "export", text: lines(0, 5) }]);
    expect(await unpackAll(Buffer.from(lines(0, 2)))).toEqual([{ name: "export", text: lines(0, 2) }]);
  });

  it("keeps what came before where it is cut off or damaged", async () => {
    const text = noise(200_000);
    const packed = gzipSync(text);
    const [cut] = await unpackAll(packed.subarray(0, 100_000));
    expect(cut?.breakOff).toBe("what is packed ends too early");
    expect(text.startsWith(cut?.text ?? "-")).toBe(true);
    expect(cut?.text.length).toBeGreaterThan(100_000);
    const wrong = Buffer.from(packed);
    wrong.writeUInt32LE(7, wrong.length - 8);
    expect((await unpackAll(wrong))[0]?.breakOff).toBe("what is packed is damaged");
  });

  it("never takes half a row for one, and says where it breaks off", async () => {
    const text = "userId,date,type\nu1,2026-03-02T08:03:10Z,User_LoggedIn\nu1,2026-03-02T08:03:10Z,User_Log";
    const packed = gzipSync(text);
    const inputs = unpack({ name: "a.csv.gz", from: chunked(packed.subarray(0, -8), 20) });
    for await (const { name, bytes } of inputs) {
      const { records } = await readSource(bytes, { name, now });
      const all = await Array.fromAsync(records);
      expect(all.map(({ type, line }) => [type, line])).toEqual([
        ["event", 2],
        ["rejected", 3],
      ]);
      expect(all[1]).toMatchObject({ isCutOff: true, reason: "what is packed ends too early" });
    }
  });

  it("of 200 MB is never held", async () => {
    const text = lines(0, 10_000);
    const member = gzipSync(text);
    async function* many(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < Math.ceil(200e6 / text.length); i++) yield member;
    }
    const before = process.memoryUsage();
    let size = 0;
    let peak = 0;
    for await (const { bytes } of unpack({ name: "export", from: many() })) {
      for await (const chunk of bytes) {
        size += chunk.length;
        if (size % (1 << 22) > chunk.length) continue;
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        peak = Math.max(peak, heapUsed + arrayBuffers - before.heapUsed - before.arrayBuffers);
      }
    }
    expect(size).toBeGreaterThanOrEqual(200e6);
    expect(peak).toBeLessThan(80_000_000);
  });
});

describe("a zip archive", () => {
  const files = {
    "d/": "",
    "d/ü.jsonl": lines(0, 2),
    "a.jsonl": lines(2, 300),
    "up/odd\u0007name": "x",
    "__MACOSX/a.jsonl": "x",
    ".DS_Store": "x",
    "d/.hidden/a.jsonl": "x",
  };

  it.each([true, false])(
    "gives each of its files, from a file and from a stream (deflated: %s)",
    async (compress) => {
      const zip = await zipOf(files, compress);
      // An odd name is one to be shown, and nothing is written under it.
      for (const at of [zip.indexOf("up/"), zip.lastIndexOf("up/")]) zip.write("../", at);
      const file = join(await temporaryFolder(), "a.zip");
      await writeFile(file, zip);
      const expected = [
        { name: "export/d/ü.jsonl", text: lines(0, 2) },
        { name: "export/a.jsonl", text: lines(2, 300) },
        { name: "export/../odd name", text: "x" },
      ];
      expect(await unpackAll(zip)).toEqual(expected);
      expect(await unpackAll(file)).toEqual(await unpackAll(zip, { sizes: [7, 1000] }));
    },
  );

  it("tells what is encrypted, packed in another way or damaged, and reads the rest", async () => {
    const zip = await zipOf({ "a.txt": "one", "b.txt": "two", "c.txt": "three", "d.txt": "four" }, false);
    const central = (name: string): number => zip.lastIndexOf(name) - 46;
    zip.writeUInt16LE(zip.readUInt16LE(central("a.txt") + 8) | 1, central("a.txt") + 8);
    zip.writeUInt16LE(93, central("b.txt") + 10);
    zip.writeUInt32LE(7, central("c.txt") + 16);
    expect(await unpackAll(zip)).toEqual([
      { name: "export/a.txt", text: "", failure: "export/a.txt is encrypted, unpack it first" },
      {
        name: "export/b.txt",
        text: "",
        failure: "export/b.txt is packed in a way that is not understood (93), unpack it first",
      },
      { name: "export/c.txt", text: "three", breakOff: "what is packed is damaged: its checksum is wrong" },
      { name: "export/d.txt", text: "four" },
    ]);
  });

  it("is refused in one line where there is nothing to read", async () => {
    const bad: [Uint8Array, string][] = [
      [await zipOf({ "[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>" }), "save it as CSV"],
      [await zipOf({ mimetype: "x", "content.xml": "<x/>" }), "save it as CSV"],
      [await zipOf({}), "holds no files"],
      [await zipOf({ ".x": "", "d/": "" }), "holds no files"],
      [(await zipOf({ "a.txt": lines(0, 9) })).subarray(0, -30), "damaged, or its end is missing"],
      [Buffer.from("PK\x03\x04"), "damaged, or its end is missing"],
    ];
    for (const [bytes, says] of bad) {
      const error = await unpackAll(bytes).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(SourceError);
      expect((error as Error).message).toContain(says);
    }
  });
});

describe("what unpacks to too much", () => {
  it("is broken off: by its ratio, and by its size", async () => {
    const part = gzipSync(Buffer.alloc(10e6, "\n"));
    const bomb = Buffer.concat(Array.from({ length: 30 }, () => part));
    const [broken] = await unpackAll(gzipSync(Buffer.alloc(3_000_000)), {
      limits: { bytes: 2e6, ratio: 1e6, ratioFrom: 1 },
    });
    expect(broken?.breakOff).toMatch(/^it unpacks to more than/);
    expect(broken?.text.length).toBeLessThanOrEqual(2e6);
    const [bombed] = await unpackAll(bomb);
    expect(bombed?.breakOff).toBe("it unpacks to more than 500 times its size, as no log does");
    expect(bombed?.text.length).toBeLessThan(120e6);
  });

  it("counts all files of an archive together", async () => {
    const zip = await zipOf({ a: "x".repeat(60_000), b: "x".repeat(60_000) });
    const all = await unpackAll(zip, { limits: { bytes: 100_000, ratio: 1e6, ratioFrom: 1 } });
    expect(all.map(({ breakOff }) => breakOff !== undefined)).toEqual([false, true]);
  });

  it("is not put aside beyond a bound, and leaves nothing behind", async () => {
    await expect(spool(chunked("x".repeat(100), 30), "export", 90)).rejects.toThrow("too large");
    const handle = await spool(chunked("x".repeat(100), 30), "export", 100);
    expect((await handle.stat()).nlink).toBe(0);
    await handle.close();
  });
});

test("any chunks of anything packed give the same, and no bytes crash or hang", async () => {
  const zip = await zipOf({ "a.jsonl": lines(0, 20), "b.txt": noise(2000) });
  const gzip = Buffer.concat([gzipSync(lines(0, 20)), gzipSync(noise(2000))]);
  const edit = fc.tuple(fc.nat(), fc.constantFrom("cut", "set"), fc.nat(255));
  const damaged = fc
    .tuple(fc.constantFrom(zip, gzip), fc.array(edit, { maxLength: 4 }))
    .map(([whole, edits]) => {
      let bytes = Buffer.from(whole);
      for (const [place, how, value] of edits) {
        // Often near the end, where an archive has its list.
        const at =
          place % 2 === 0 ? place % bytes.length : bytes.length - 1 - (place % Math.min(200, bytes.length));
        if (how === "cut") bytes = bytes.subarray(0, Math.max(4, at));
        else bytes[at] = value;
      }
      return bytes;
    });
  const outcome = async (bytes: Uint8Array, sizes: readonly number[]) =>
    unpackAll(bytes, { sizes }).catch((error: unknown) => {
      if (error instanceof SourceError && !error.message.includes("\n")) return error.message;
      throw error;
    });
  await fc.assert(
    fc.asyncProperty(
      damaged,
      fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1 }),
      async (bytes, sizes) => {
        expect(await outcome(bytes, [...sizes, 64])).toEqual(await outcome(bytes, []));
      },
    ),
    { numRuns: 80 },
  );
});

it("imports packed files, from the disk and through standard input", async () => {
  const folder = await temporaryFolder();
  const dataDir = join(folder, "data");
  const zip = join(folder, "logs.zip");
  await writeFile(
    zip,
    await zipOf({ "a.jsonl": lines(0, 3), "b.jsonl": lines(2, 5), "c.json.gz": gzipSync("x") }),
  );
  const cut = gzipSync(lines(7, 4000)).subarray(0, -100);
  const input = Buffer.concat([gzipSync(lines(5, 7)), cut]);
  const { status, stdout, stderr } = await usage(["import", zip, "-", "--json"], { dataDir, input });
  expect(status).toBe(1);
  expect(stderr).toContain("logs.zip/c.json.gz is no vault export: it is packed twice");
  expect(stderr).toMatch(
    /standard input breaks off \(line \d{4}: what is packed ends too early\); what came/,
  );
  const imports = JSON.parse(stdout);
  expect(imports).toMatchObject([
    { read: 3, added: 3 },
    { read: 3, added: 2, duplicates: 1 },
    { source: "plain", rejected: 1, people: 1 },
  ]);
  expect(imports[2].added).toBeGreaterThan(3000);
});
