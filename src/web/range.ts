/** A part of a file: from `start` up to, and without, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

const FORM = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * The part that a `Range` header asks for (RFC 9110, 14.1.2): undefined for the whole, which also answers what is not
 * understood or asks for several parts; "unsatisfiable" where no byte of the file is in it.
 */
export function readRange(header: string | undefined, size: number): Range | "unsatisfiable" | undefined {
  const [, first, last] = FORM.exec(header?.replace(/\s/g, "") ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  if (first === "") {
    const length = Math.min(Number(last), size);
    return length === 0 ? "unsatisfiable" : { start: size - length, end: size };
  }
  const start = Number(first);
  const end = last === "" ? size : Math.min(Number(last) + 1, size);
  if (last !== "" && Number(last) < start) return undefined;
  return start >= size ? "unsatisfiable" : { start, end };
}
