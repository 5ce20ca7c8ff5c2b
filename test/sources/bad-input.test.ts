import { deflateRawSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { SourceError, UsageError } from "../../src/errors.ts";
import { chunked, eventsOf, plainLine, readAll, rejectedOf } from "./read.ts";

const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk", "base64");
const zip = Buffer.concat([Buffer.from("PK\x03\x04\x14\0"), deflateRawSync("x")]);
const mb = 1024 * 1024;

const bad: [name: string, input: string | Uint8Array, says: string][] = [
  ["empty", "", "it is empty"],
  ["a byte order mark alone", "\uFEFF", "it is empty"],
  ["blank", " \r\n\t\n", "it has only blanks"],
  ["a picture", png, "it is a picture"],
  ["gzip", gzipSync(plainLine("a")), "unpack it first"],
  ["a zip archive", zip, "unpack it first"],
  ["UTF-16", Buffer.from(`\uFEFF${plainLine("a")}`, "utf16le"), "save it as UTF-8"],
  ["binary", Buffer.from([0x7b, 0, 1, 2, 3]), "it is binary"],
  ["HTML", "<!doctype html>\n<html><body>Sign in</body></html>", "it is a web page"],
  ["HTML without doctype", "\n<html>", "it is a web page"],
  ["prose", "Dear all,\nplease find the export attached.\n", "neither JSON nor CSV"],
  ["other CSV", "name,url,username,password\nShop,https://example.com,ann,hunter2\n", "neither JSON nor CSV"],
  ["JSON of another shape", '{"items":[{"name":"Ann","login":{"password":"hunter2"}}]}', "of another kind"],
  ["many unknown records", '{"password":"hunter2"}\n'.repeat(5000), "of another kind"],
  ["an empty list", "[]", "without any record"],
  ["a list of numbers", "[1,2,3]", "line 1: not a JSON object"],
  ["a text", '"hello"', "neither JSON nor CSV"],
  ["a truncated record", '{"id":"e1","at":"2026-10-', "line 1: the input ends in the middle of a record"],
  ["10 MB in one line of JSON", `{"id":"${"x".repeat(10 * mb)}"}`, "line 1: line longer than 1 MB"],
  ["10 MB in one line of text", "x".repeat(10 * mb), "neither JSON nor CSV"],
  ["3 MB of brackets", "[".repeat(3 * mb), "line 1: not a JSON object"],
  ["4 MB of open objects", '{"data":'.repeat(mb / 2), "line 1: line longer than 1 MB"],
];

test.each(bad)("%s is refused in one line", async (_name, input, says) => {
  const error = await readAll(chunked(input, 65_536)).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SourceError);
  if (!(error instanceof SourceError)) return;
  expect(error.message).toMatch(/^export is no vault export: /);
  expect(error.message).toContain(says);
  expect(error.message).toContain("right would be");
  expect(error.message).not.toMatch(/\n|hunter2|Ann/);
  expect(error.message.length).toBeLessThan(600);
});

test("a source that does not exist is a usage error that names those that do", async () => {
  for (const name of ["keepass", "__proto__", "constructor", ""]) {
    const reading = readAll(plainLine("a"), name);
    await expect(reading).rejects.toBeInstanceOf(UsageError);
    await expect(reading).rejects.toThrow("plain, bitwarden, onepassword");
  }
});

test("a source that is named has to be the one", async () => {
  expect((await readAll(plainLine("a"), "plain")).source).toBe("plain");
  await expect(readAll(plainLine("a"), "bitwarden")).rejects.toThrow("right would be Bitwarden");
  await expect(readAll("userId,date,type\n", "plain")).rejects.toThrow("right would be plain");
});

test("a line of 10 MB among others is set aside", async () => {
  const long = plainLine("x", { note: "y".repeat(10 * mb) });
  const garbage = "z".repeat(10 * mb);
  const text = [long, plainLine("a"), garbage, plainLine("b"), long].join("\n");
  const { records } = await readAll(chunked(text, 65_536));
  expect(eventsOf(records).map(({ id }) => id)).toEqual(["a", "b"]);
  expect(rejectedOf(records)).toEqual([
    { line: 1, reason: "line longer than 1 MB" },
    { line: 3, reason: "not a JSON object" },
    { line: 5, reason: "line longer than 1 MB" },
  ]);
});

test("so is a row of 10 MB, or one whose quote never closes", async () => {
  const row = "u1,2026-03-02T08:03:10Z,User_LoggedIn";
  const text = [
    "userId,date,type",
    row,
    `"${"y".repeat(10 * mb)}`,
    row,
    `${"y".repeat(3 * mb)}`,
    `"${row}`,
    row,
  ].join("\n");
  const { records } = await readAll(chunked(text, 65_536));
  expect(records.map(({ type, line }) => [type, line])).toEqual([
    ["event", 2],
    ["rejected", 3],
    ["event", 4],
    ["rejected", 5],
    ["rejected", 6],
    ["event", 7],
  ]);
});

test("thousands of lists in one record take no time", async () => {
  const text = `{${'"data":[],'.repeat(50_000)}"kind":"login","user":{}}\n${plainLine("a")}`;
  const { records } = await readAll(text);
  expect(records.map(({ type }) => type)).toEqual(["rejected", "event"]);
});

test("an input that fails says so itself, and is closed in every case", async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(plainLine("a").padEnd(70_000));
    throw new Error("the disk is gone");
  }
  await expect(readAll(failing())).rejects.toThrow("the disk is gone");

  let closed = 0;
  async function* closing(text: string): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.from(text.padEnd(70_000));
    } finally {
      closed++;
    }
  }
  await expect(readAll(closing("prose"))).rejects.toBeInstanceOf(SourceError);
  await expect(readAll(closing('{"a":1}\n'.repeat(2000)))).rejects.toBeInstanceOf(SourceError);
  expect(closed).toBe(2);
});

test("a reader that stops early closes the input", async () => {
  const { readSource } = await import("../../src/sources/index.ts");
  let isClosed = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (let i = 0; ; i++) yield Buffer.from(`${plainLine(`e${i}`)}\n`);
    } finally {
      isClosed = true;
    }
  }
  const { records } = await readSource(endless(), { name: "export", now: Date.parse("2027-01-01") });
  for await (const record of records) if (record.line === 10) break;
  expect(isClosed).toBe(true);
});
