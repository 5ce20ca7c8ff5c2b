import { refuse } from "./errors.ts";

/**
 * Translates MongoDB's (PCRE) pattern for what Agenda's search asks: a literal text, its punctuation escaped, and
 * the option `i`. Throws 2 for anything else.
 */
export function parsePattern(pattern: string, options: string): RegExp {
  if (options !== "" && options !== "i") refuse(2, `$options '${options}' of $regex`);
  const [special] = pattern.replace(/\\[^A-Za-z0-9]/gu, "").match(/\\.|[\\.*+?()[\]{}|^$]/u) ?? [];
  if (special !== undefined) refuse(2, `'${special}' in the $regex '${pattern}'`);
  return new RegExp(RegExp.escape(pattern.replace(/\\(.)/gsu, "$1")), `${options}u`);
}
