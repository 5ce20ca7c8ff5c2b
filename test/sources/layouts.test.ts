import { describe, expect, test } from "vitest";
import { chunked, eventsOf, plainLine, readAll, rejectedOf } from "./read.ts";

const ids = ["e1", "e2", "e3", "e4", 'é5 {["\\'];
const objects = ids.map((id) => JSON.parse(plainLine(id, { tags: [{ a: [1, "]"] }], empty: [], none: {} })));

function usage(id: string): Record<string, unknown> {
  return {
    uuid: id,
    timestamp: "2026-03-02T09:05:00Z",
    action: "fill",
    user: { uuid: "U1" },
    used_version: 1,
  };
}
const page = (items: readonly string[]) => ({ cursor: "c[{", has_more: true, items: items.map(usage) });
const pages = [page(ids.slice(0, 2)), page([]), page(ids.slice(2))];
const compact = (value: unknown) => JSON.stringify(value);
const pretty = (value: unknown) => JSON.stringify(value, null, 2);
const tabbed = (value: unknown) => JSON.stringify(value, null, "\t");
const flat = (value: unknown) => JSON.stringify(value, null, " ").replace(/^ +/gm, "  ");
const keysFirst = pages.map(({ items, ...rest }) => ({ items, ...rest }));

const layouts: Record<string, string> = {
  "one a line": objects.map(compact).join("\n"),
  "one a line, ended": `${objects.map(compact).join("\n")}\n`,
  "one a line, CRLF and blank lines": `\r\n${objects.map(compact).join("\r\n\r\n")}\r\n\r\n`,
  "with a byte order mark": `\uFEFF${objects.map(compact).join("\n")}`,
  "files with marks put together": `\uFEFF${objects.map(compact).join("\n\uFEFF")}`,
  "one behind the other": objects.map(compact).join(""),
  "a list": compact(objects),
  "a pretty list": pretty(objects),
  "a tabbed list, CRLF": tabbed(objects).replaceAll("\n", "\r\n"),
  "a list without indentation": pretty(objects).replace(/^ +/gm, ""),
  "a list with one indentation for all": flat(objects),
  "a list, one a line": `[\n${objects.map(compact).join(",\n")}\n]\n`,
  "a list, one a line, as databases print": `[${objects.map(compact).join(", \n ")}]`,
  "pretty objects": objects.map(pretty).join("\n"),
  "pretty objects, glued": objects.map(pretty).join(""),
  "lists of lists": compact([objects.slice(0, 2), [objects.slice(2)]]),
  "a page": compact(page(ids)),
  "a pretty page": pretty(page(ids)),
  "a page with its list first": compact(keysFirst[0] && { ...keysFirst[0], items: ids.map(usage) }),
  "a page, one record a line": `{"cursor":"c","items":[\n${ids.map((id) => compact(usage(id))).join(",\n")}\n],\n"has_more":false}`,
  "a page, wrapped oddly": `{"cursor":"c",\n"items" :\n [${ids.map((id) => compact(usage(id))).join(",\n")}]\n}`,
  "pages, one a line": pages.map(compact).join("\n"),
  "pages glued": pages.map(compact).join(""),
  "pretty pages": pages.map(pretty).join("\n"),
  "a list of pages": compact(pages),
  "a pretty list of pages": pretty(keysFirst),
  "a list of pages, one a line": `[\n${keysFirst.map(compact).join(",\n")}\n]`,
};

describe("the same records in every layout", () => {
  test.each(Object.entries(layouts))("%s", async (_name, text) => {
    for (const size of [text.length * 2, 1, 7]) {
      const { records } = await readAll(chunked(text, size));
      expect(records.filter(({ type }) => type === "rejected")).toEqual([]);
      expect(eventsOf(records).map(({ id }) => id)).toEqual(ids);
    }
  });
});

test("says where a record begins, also in pretty pages", async () => {
  const text = [page(ids.slice(0, 2)), page(ids.slice(2))].map(pretty).join("\n");
  const lines = text.split("\n").flatMap((line, index) => (line === "    {" ? [index + 1] : []));
  const { records } = await readAll(text);
  expect(records.map(({ line }) => line)).toEqual(lines);
});

/** A text with something replaced that must be there. */
function damage(text: string, part: string, by: string): string {
  expect(text).toContain(part);
  return text.replace(part, () => by);
}

describe("a broken record costs itself only", () => {
  const third = compact(objects[2]);
  const breaks: Record<string, string> = {
    "cut off": third.slice(0, 30),
    "cut off in a text": third.slice(0, 10),
    "without its first brace": third.slice(1),
    "without its last brace": third.slice(0, -1),
    "with a brace too many": `${third}}`,
    "with an open quote": third.replace('":', ":"),
    "in plain words": "something went wrong",
  };
  test.each(Object.entries(breaks))("one a line: %s", async (_name, broken) => {
    for (const separator of ["\n", ",\n"]) {
      const lines = objects.map(compact);
      lines[2] = broken;
      const text = separator === "\n" ? lines.join("\n") : `[\n${lines.join(separator)}\n]`;
      const { records } = await readAll(text);
      expect(eventsOf(records).map(({ id }) => id)).toEqual(ids.filter((id) => id !== "e3"));
      expect(rejectedOf(records)).toEqual([{ line: separator === "\n" ? 3 : 4, reason: expect.any(String) }]);
    }
  });

  test.each([
    ["a comma", '"e3",', '"e3"'],
    ["a quote", '"e3"', '"e3'],
    ["a literal", '"e3"', "e3"],
  ])("in a pretty list: %s", async (_name, part, by) => {
    const text = damage(pretty(objects), part, by);
    const { records } = await readAll(text);
    expect(eventsOf(records).map(({ id }) => id)).toEqual(ids.filter((id) => id !== "e3"));
    expect(rejectedOf(records)).toEqual([{ line: expect.any(Number), reason: "not valid JSON" }]);
    const { line } = rejectedOf(records)[0] ?? { line: 0 };
    expect(text.split("\n")[line]).toContain("e3");
  });

  test("in a pretty page: a record that never closes", async () => {
    const text = pretty(page(ids)).replace(/("uuid": "e3"[^}]*\})\s*\}/, "$1");
    const { records } = await readAll(text.replace(/("uuid": "e3"[^}]*\}[^}]*)\}/, "$1"));
    expect(eventsOf(records).map(({ id }) => id)).toEqual(ids.filter((id) => id !== "e3"));
    expect(rejectedOf(records)).toHaveLength(1);
  });

  test("bytes that are no UTF-8", async () => {
    const bytes = Buffer.from(objects.map(compact).join("\n"));
    bytes[bytes.indexOf("e3") + 1] = 0xff;
    const { records } = await readAll(bytes);
    expect(eventsOf(records).map(({ id }) => id)).toEqual(ids.filter((id) => id !== "e3"));
    expect(rejectedOf(records)).toEqual([{ line: 3, reason: "not valid UTF-8" }]);
  });
});

describe("what is complete before the end is kept", () => {
  test.each(Object.entries(layouts))("%s, cut off", async (_name, text) => {
    const whole = Buffer.from(text);
    const cut = whole.subarray(0, whole.lastIndexOf("user"));
    const { records } = await readAll(cut);
    expect(eventsOf(records).map(({ id }) => id)).toEqual(ids.slice(0, -1));
    expect(rejectedOf(records)).toEqual([
      { line: expect.any(Number), reason: expect.stringContaining("ends in the middle") },
    ]);
  });

  test("a page that was cut off between records", async () => {
    const text = compact(page(ids));
    const { records } = await readAll(text.slice(0, text.indexOf(',{"uuid":"e3"')));
    expect(records.map(({ type }) => type)).toEqual(["event", "event", "rejected"]);
  });

  test("a page of many that breaks off", async () => {
    const first = compact(page(ids.slice(0, 2)));
    for (const cut of [
      first.indexOf("user"),
      first.lastIndexOf("user"),
      first.indexOf(",{"),
      first.length - 1,
    ]) {
      const { records } = await readAll([first.slice(0, cut), compact(page(ids.slice(2)))].join("\n"));
      expect(eventsOf(records).map(({ id }) => id)).toEqual(expect.arrayContaining(ids.slice(2)));
      expect(rejectedOf(records)).toEqual([{ line: 1, reason: expect.any(String) }]);
    }
  });
});
