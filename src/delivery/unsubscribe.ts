import { z } from "zod";
import { addressAt, createSigner, type LinkSettings } from "./signed.ts";

const claims = z.strictObject({
  schedule: z.string().min(1).max(100),
  /** The address as it is written to. */
  email: z.string().min(3).max(254),
  /** Milliseconds since the epoch. */
  until: z.number().int(),
});
export type UnsubscribeClaims = Readonly<z.infer<typeof claims>>;

/** Makes and reads links with which one address leaves one schedule. */
export interface UnsubscribeLinks {
  /** The whole address. */
  make(claims: UnsubscribeClaims): string;
  /** What the token of an address claims; undefined for one that is not ours or has lapsed. */
  read(token: string, now: number): UnsubscribeClaims | undefined;
}

export const UNSUBSCRIBE_PATH = "/unsubscribe";
const PURPOSE = "unsubscribe";

export function createUnsubscribeLinks({ baseUrl, secret }: LinkSettings): UnsubscribeLinks {
  const signer = createSigner(secret);
  return {
    make: (given) => addressAt(baseUrl, `${UNSUBSCRIBE_PATH}/${signer.sign(PURPOSE, claims.parse(given))}`),
    read: (token, now) => signer.read(PURPOSE, token, claims, now),
  };
}
