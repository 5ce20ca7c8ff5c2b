import * as json from "./json-bytes.ts";

/** How a page gives its entries: in a list, or in an object under numbered keys. */
export type Entries = "list" | "map";

/** What stands before the first entry. Only its numbered keys tell a map from an object that a record has. */
const starts: Readonly<Record<Entries, RegExp>> = {
  list: /[{,]\s*"(?:data|items|people|body|Resources|(?:audit_)?events)"\s*:\s*$/,
  map: /[{,]\s*(?:"data"\s*:\s*\{\s*"Event|"Users"\s*:\s*\{\s*")\d+"\s*:\s*$/,
};
const ends: Readonly<Record<Entries | "page", number>> = {
  list: json.closeBracket,
  map: json.closeBrace,
  // The rest of a page is followed by whoever reads it.
  page: -1,
};
/** Lists of lists deeper than this are no export. */
const maxDepth = 16;

/** Whether the entries of a page begin behind this text. */
export function beginEntries(entries: Entries, text: string): boolean {
  return starts[entries].test(text);
}

/** Keeps what is open around records, the outermost first. */
export function createAround() {
  let open: (Entries | "page")[] = [];
  return {
    depth: () => open.length,
    isInPage: () => open.includes("page"),
    isInMap: () => open.at(-1) === "map",
    /** False if that would be too deep. */
    enterList(): boolean {
      if (open.length >= maxDepth) return false;
      open.push("list");
      return true;
    },
    enterPage(entries: Entries): void {
      open.push("page", entries);
    },
    /** Leaves what the byte closes, if it does: then what was left are the entries of a page, or a list of its own. */
    leaveEntries(byte: number): "of page" | "list" | undefined {
      const last = open.at(-1);
      if (last === undefined || byte !== ends[last]) return undefined;
      open.pop();
      return open.at(-1) === "page" ? "of page" : "list";
    },
    /** Leaves the page and whatever is open in it. */
    leavePage(): void {
      open = open.slice(0, open.indexOf("page"));
    },
  };
}
