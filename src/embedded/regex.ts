import { refuse } from "./errors.ts";

/** A regular expression as the store runs it, with the text every match begins with, where that is certain. */
export interface TextPattern {
  readonly expression: RegExp;
  readonly prefix: string;
}

/**
 * Translates MongoDB's (PCRE) pattern for the part of the language where it and JavaScript agree: literal text,
 * escaped punctuation, `.`, `.*`, `.+`, a leading `^`, a final `$`, and the option `i`. Throws 2 for anything else.
 */
export function parsePattern(pattern: string, options: string): TextPattern {
  const rest = options.replace(/i/, "");
  if (rest !== "") refuse(2, `$options '${rest}' of $regex`);
  const tokens = pattern.match(/\\[^A-Za-z0-9]|\.[*+]?|[^\\.*+?()[\]{}|^$]|\^|\$|[\s\S]/gu) ?? [];
  let source = "";
  let prefix = "";
  let literal = tokens[0] === "^" && options === "";
  tokens.forEach((token, i) => {
    if (token === "^" && i === 0) source += "^";
    else if (token === "$" && i === tokens.length - 1) source += "(?=\\n?(?![\\s\\S]))";
    else if (/^\.[*+]?$/.test(token)) source += `[^\\n]${token.slice(1)}`;
    else if (/^(\\[\s\S]|[^\\.*+?()[\]{}|^$])$/u.test(token)) {
      const character = token.length > 1 && token.startsWith("\\") ? token.slice(1) : token;
      source += character.replace(/[\\.*+?()[\]{}|^$/]/, "\\$&");
      if (literal) prefix += character;
      return;
    } else refuse(2, `'${token}' at ${i} in the $regex '${pattern}'`);
    if (token !== "^") literal = false;
  });
  return { expression: new RegExp(source, options === "" ? "u" : "iu"), prefix };
}
