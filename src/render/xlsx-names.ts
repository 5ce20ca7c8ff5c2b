import { writableText } from "./cell-text.ts";

const LONGEST = 31;
/** Excel allows none of these in a sheet's name, and exceljs does not double the apostrophe. */
const FORBIDDEN = /[[\]:*?/\\'\s]+/g;
/** The summary has one, and Excel keeps the other for itself. */
const taken = ["summary", "history"];

/** Names of sheets for tables in one or more parts: `Users`, `Users (2)`; none twice, whatever the titles. */
export function sheetNames(tables: readonly { title: string; parts: number }[]): string[][] {
  const used = new Set(taken);
  return tables.map(({ title, parts }) => {
    const base = writableText(title).replace(FORBIDDEN, " ").trim() || "Table";
    return Array.from({ length: parts }, () => {
      let name = clip(base, "");
      for (let i = 2; used.has(name.toLowerCase()); i++) name = clip(base, ` (${i})`);
      used.add(name.toLowerCase());
      return name;
    });
  });
}

function clip(base: string, suffix: string): string {
  const room = LONGEST - suffix.length;
  return (
    base
      .slice(0, room)
      .replace(/[\ud800-\udbff]$/, "")
      .trim() + suffix
  );
}
