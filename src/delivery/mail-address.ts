import { domainToASCII } from "node:url";

/** RFC 5321, 4.5.3.1: a path of 256 octets has brackets around the address. */
const LONGEST = 254;
/**
 * Less than RFC 5321 allows: no quotes, and neither `%` nor `!`, with which old servers pass mail on to another domain
 * than the one after the `@`.
 */
const LOCAL = /^(?!.*\.\.)[a-z0-9_+&'=~-](?:[a-z0-9._+&'=~-]{0,62}[a-z0-9_+&'=~-])?$/;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;
const LETTERS = /^[\p{L}\p{M}\p{N}.-]+$/u;

/** An address in the one spelling of its mailbox: lower case, the domain in ASCII; undefined for what is none. */
export function parseAddress(word: string): string | undefined {
  const [local = "", domain = "", ...more] = word.toLowerCase().split("@");
  if (more.length > 0 || !LOCAL.test(local) || !LETTERS.test(domain)) return undefined;
  const ascii = domainToASCII(domain);
  const address = `${local}@${ascii}`;
  return DOMAIN.test(ascii) && address.length <= LONGEST ? address : undefined;
}

/** What stands behind the `@`. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}

/** `Vault Usage <usage@example.com>` or the address alone, in parts: a comma in the name would make two of it. */
export function splitSender(from: string): { readonly name: string; readonly address: string } {
  const [, name = "", address = from] = /^(.*\S)\s*<([^<>]+)>$/.exec(from) ?? [];
  return { name, address };
}
