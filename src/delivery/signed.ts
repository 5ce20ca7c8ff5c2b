import { createHmac, timingSafeEqual } from "node:crypto";
import type { z } from "zod";

/** Makes and reads tokens that say something which nobody else could have said, until it lapses. */
export interface Signer {
  /** The token as one part of a path: base64url, a dot, base64url. */
  sign(purpose: string, claims: Lapsing): string;
  /** What a token for that purpose claims; undefined for one that is not ours, is of another form, or has lapsed. */
  read<C extends Lapsing>(purpose: string, token: string, schema: z.ZodType<C>, now: number): C | undefined;
}

/** Claims hold until then, in milliseconds since the epoch. */
interface Lapsing {
  readonly until: number;
}

/** The longest token, in characters; a path that holds one need not be read further. */
export const LONGEST_TOKEN = 1_100;
const FORM = /^([\w-]{1,1000})\.([\w-]{43})$/;

/** `secret` signs (HMAC with SHA-256). */
export function createSigner(secret: string): Signer {
  // The purpose is signed as well, so that a token for one thing is none for another.
  const signature = (purpose: string, body: string): Buffer =>
    createHmac("sha256", secret).update(`${purpose} ${body}`).digest();
  return {
    sign(purpose, claims) {
      const body = Buffer.from(JSON.stringify(claims)).toString("base64url");
      return `${body}.${signature(purpose, body).toString("base64url")}`;
    },
    read(purpose, token, schema, now) {
      const [, body = "", signed = ""] = FORM.exec(token) ?? [];
      const given = Buffer.from(signed, "base64url");
      const wanted = signature(purpose, body);
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
      const read = schema.safeParse(JSON.parse(Buffer.from(body, "base64url").toString()));
      return read.success && read.data.until > now ? read.data : undefined;
    },
  };
}

/** Where people reach the app, and what signs the links that lead there. */
export interface LinkSettings {
  readonly baseUrl: string;
  readonly secret: string;
}

/** An address below the base, whether or not that ends with a slash. */
export function addressAt(baseUrl: string, path: string): string {
  return `${baseUrl.replace(/\/+$/, "")}${path}`;
}
