/** A record in ArcSight's Common Event Format. */
export interface Cef {
  readonly vendor: string;
  readonly product: string;
  /** The vendor's id of the kind of event. */
  readonly signature: string;
  readonly name: string;
  /** The value of a key of the extension, without its escapes. */
  value(key: string): string | undefined;
}

const start = /CEF:\d+\|/;
const space = 0x20;
const longestKey = 64;
/** Which characters, by their code, a key is made of. */
const isOfKey = new Uint8Array(128);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-[]") {
  isOfKey[character.charCodeAt(0)] = 1;
}
const headerEscape = /\\([\\|])/g;
const valueEscape = /\\([\\=nr])/g;

/** Reads the CEF record in a text; of a key that comes twice the first counts. `undefined` if there is none. */
export function parseCef(text: string): Cef | undefined {
  const found = start.exec(text);
  if (found === null) return undefined;
  let at = found.index + found[0].length;
  const header: string[] = [];
  while (header.length < 6) {
    const end = endOfField(text, at);
    if (end < 0) return undefined;
    const field = text.slice(at, end);
    header.push(field.includes("\\") ? field.replace(headerEscape, "$1") : field);
    at = end + 1;
  }
  const [vendor = "", product = "", , signature = "", name = ""] = header;
  const values = readValues(text.slice(at));
  return { vendor, product, signature, name, value: (key) => unescapeValue(values.get(key)) };
}

/** The next bar that is none of a name: one with a backslash before it that is not escaped itself. */
function endOfField(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "|") return at;
  }
  return -1;
}

/** Values as they are written. */
function readValues(extension: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let name: string | undefined;
  let from = 0;
  const put = (end: number): void => {
    if (name !== undefined && !values.has(name)) values.set(name, extension.slice(from, end).trim());
  };
  for (let equals = extension.indexOf("="); equals >= 0; equals = extension.indexOf("=", equals + 1)) {
    const start = startOfKey(extension, equals);
    if (start < 0) continue;
    put(start);
    name = extension.slice(start, equals);
    from = equals + 1;
  }
  put(extension.length);
  return values;
}

/** Where the key before an equals sign begins: first of all or behind a blank. An equals sign of a value has no key. */
function startOfKey(text: string, equals: number): number {
  let at = equals;
  while (at > 0 && equals - at < longestKey && isOfKey[text.charCodeAt(at - 1)] === 1) at--;
  return at < equals && (at === 0 || text.charCodeAt(at - 1) === space) ? at : -1;
}

/** What a value says: `\=`, `\\`, and `\n` and `\r`, which are line breaks. Other backslashes stand for themselves. */
function unescapeValue(value: string | undefined): string | undefined {
  if (!value?.includes("\\")) return value;
  return value.replace(valueEscape, (_, character: string) =>
    character === "n" ? "\n" : character === "r" ? "\r" : character,
  );
}
