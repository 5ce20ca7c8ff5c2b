import { monthOf } from "./wall-clock.ts";

/** Structured data of a line: the parameters of each element, under the element's id. */
export type StructuredData = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** A line of a log. What its header leaves out, or says with a hyphen, is missing. */
export type SyslogLine = {
  /** All of the line, without a byte order mark and the count before it. */
  readonly text: string;
  /** What follows the header; the whole line if it has none. */
  readonly message: string;
  /** ISO 8601, with an offset or without; `--03-02T08:01:00` where the header has no year. */
  readonly timestamp?: string;
  readonly host?: string;
  readonly app?: string;
  readonly process?: string;
  readonly msgid?: string;
  readonly structured?: StructuredData;
};

const count = /^\d{1,7} (?=<\d)/;
const iso = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?(?= |$)/y;
const words = /([A-Z][a-z]{2}) ([ \d]\d)(?: (\d{4}))? (\d\d:\d\d:\d\d)(?=[ :]|$)/y;
/** A colon with no blank behind it ends no tag: it belongs to a message such as `CEF:0|…`. */
const tag = /([^\s:[\]{}|]{1,64})(?:\[([^\]\s]{0,64})\])?:(?: |$)/y;

/**
 * Reads a line of syslog, as RFC 5424 or RFC 3164 have it or a file of rsyslog, with or without a priority; and a line without any
 * header. Nothing is refused: real logs cut headers short (CyberArk's has only a time and a host) and leave quotes in
 * values unescaped (Keeper's), so what does not fit the header belongs to the message.
 */
export function parseSyslog(line: string): SyslogLine {
  const marked = line.charCodeAt(0) === 0xfeff ? line.slice(1) : line;
  const text = marked.replace(count, "");
  const start = endOfPriority(text);
  if (start > 0 && text.startsWith("1 ", start)) return readNew(text, start + 2);
  return readOld(text, start);
}

function endOfPriority(text: string): number {
  if (text[0] !== "<") return 0;
  const close = text.indexOf(">");
  if (close < 2 || close > 4) return 0;
  for (let at = 1; at < close; at++) if (!isDigit(text.charCodeAt(at))) return 0;
  return close + 1;
}

/** RFC 5424, from behind its version. */
function readNew(text: string, start: number): SyslogLine {
  let at = start;
  const token = (): string | undefined => {
    // The message begins early where a header is cut short.
    if (text[at] === "{" || text[at] === "[") return undefined;
    const end = text.indexOf(" ", at);
    const found = text.slice(at, end < 0 ? text.length : end);
    at = end < 0 ? text.length : end + 1;
    return found === "-" ? undefined : found;
  };
  const header = {
    timestamp: token(),
    host: token(),
    app: token(),
    process: token(),
    msgid: token(),
  };
  let structured: StructuredData | undefined;
  if (text[at] === "-" && (text[at + 1] ?? " ") === " ") at += 2;
  else if (text[at] === "[") {
    const read = readStructured(text, at);
    structured = read?.structured;
    at = read?.end ?? at;
  }
  return withoutMissing(text, messageFrom(text, at), header, structured);
}

/** RFC 3164 and what resembles it: a time, a host, the program with its process. */
function readOld(text: string, start: number): SyslogLine {
  const clock = matchAt(iso, text, start) ?? matchAt(words, text, start);
  if (clock === undefined) return { text, message: messageFrom(text, start) };
  const [whole, name, day = "", year, time] = clock;
  const month = name === undefined ? undefined : monthOf(name);
  const timestamp =
    name === undefined ? whole : month && `${year ?? "-"}-${month}-${day.replace(" ", "0")}T${time}`;
  let at = skipBlank(text, start + whole.length);
  const end = text.indexOf(" ", at);
  const first = end < 0 ? "" : text.slice(at, end);
  const isHost = first !== "" && !first.startsWith("{") && !first.includes("|") && !first.endsWith(":");
  if (isHost) at = skipBlank(text, end);
  const program = matchAt(tag, text, at);
  if (program !== undefined) at += program[0].length;
  const header = { timestamp, host: isHost ? first : undefined, app: program?.[1], process: program?.[2] };
  return withoutMissing(text, messageFrom(text, at), header, undefined);
}

function withoutMissing(
  text: string,
  message: string,
  header: Readonly<Record<string, string | undefined>>,
  structured: StructuredData | undefined,
): SyslogLine {
  const line: Record<string, unknown> = { text, message };
  for (const key in header) if (header[key] !== undefined) line[key] = header[key];
  if (structured !== undefined) line.structured = structured;
  return line as SyslogLine;
}

const escaped = /\\(["\\\]])/g;
const idOfElement = /\[([^\s=\]"]{1,64})/y;
const parameter = /\s+([^\s=\]"]{1,64})="/y;
/** What stands behind a quote that ends a value: the end of the element or the next parameter. */
const behindValue = /\s*\]|\s+[^\s=\]"]{1,64}="/y;

/**
 * Elements of structured data. A quote inside of a value that is not escaped is taken for a part of it, unless what
 * follows looks like the next parameter. Of two parameters of one name the first counts, so that a value cannot
 * replace one that was written before it. `undefined` for what does not end.
 */
function readStructured(
  text: string,
  start: number,
): { structured: StructuredData; end: number } | undefined {
  const structured = new Map<string, Map<string, string>>();
  let at = start;
  while (text[at] === "[") {
    const id = matchAt(idOfElement, text, at);
    if (id === undefined) return undefined;
    at += id[0].length;
    const parameters = structured.get(id[1] ?? "") ?? new Map<string, string>();
    structured.set(id[1] ?? "", parameters);
    for (let found = matchAt(parameter, text, at); found; found = matchAt(parameter, text, at)) {
      const from = at + found[0].length;
      const close = endOfValue(text, from);
      if (close < 0) return undefined;
      const value = text.slice(from, close);
      const name = found[1] ?? "";
      if (!parameters.has(name))
        parameters.set(name, value.includes("\\") ? value.replace(escaped, "$1") : value);
      at = close + 1;
    }
    at = skipBlank(text, at);
    if (text[at] !== "]") return undefined;
    at++;
  }
  return { structured, end: at };
}

function endOfValue(text: string, from: number): number {
  for (let close = text.indexOf('"', from); close >= 0; close = text.indexOf('"', close + 1)) {
    let slashes = 0;
    while (close - slashes > from && text[close - slashes - 1] === "\\") slashes++;
    if (slashes % 2 === 0 && matchAt(behindValue, text, close + 1) !== undefined) return close;
  }
  return -1;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

/** RFC 5424 marks a message in UTF-8 with a byte order mark. */
function messageFrom(text: string, at: number): string {
  const from = skipBlank(text, at);
  return text.slice(text.charCodeAt(from) === 0xfeff ? from + 1 : from);
}

function skipBlank(text: string, from: number): number {
  let at = from;
  while (text[at] === " ") at++;
  return at;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
