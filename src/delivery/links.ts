import { z } from "zod";
import { addressAt, createSigner, type LinkSettings } from "./signed.ts";

const claims = z.strictObject({
  /** The archived file. */
  file: z.string().min(1).max(100),
  /** The person it was made for, a Slack user id or an e-mail address, and their Slack workspace. */
  who: z.string().min(1).max(254),
  workspace: z.string().max(100).optional(),
  /** Milliseconds since the epoch. */
  until: z.number().int(),
});
export type LinkClaims = Readonly<z.infer<typeof claims>>;

/** Makes and reads links that lead one person to one file for a while. */
export interface Links {
  /** The whole address; `name` is what the browser saves the file as. */
  make(claims: LinkClaims, name: string): string;
  /** What the token of an address claims; undefined for one that is not ours or has lapsed. */
  read(token: string, now: number): LinkClaims | undefined;
}

export const FILES_PATH = "/files";
const PURPOSE = "file";

export function createLinks({ baseUrl, secret }: LinkSettings): Links {
  const signer = createSigner(secret);
  return {
    make(given, name) {
      const token = signer.sign(PURPOSE, claims.parse(given));
      return addressAt(baseUrl, `${FILES_PATH}/${token}/${encodeURIComponent(name)}`);
    },
    read: (token, now) => signer.read(PURPOSE, token, claims, now),
  };
}
