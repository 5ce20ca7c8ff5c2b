import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";

const claims = z.strictObject({
  /** The archived file. */
  file: z.string().min(1).max(100),
  /** The person it was made for, and their Slack workspace. */
  who: z.string().min(1).max(100),
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
const FORM = /^([\w-]{1,1000})\.([\w-]{43})$/;

/** `baseUrl` is where people reach the app; `secret` signs (HMAC with SHA-256). */
export function createLinks({
  baseUrl,
  secret,
}: {
  readonly baseUrl: string;
  readonly secret: string;
}): Links {
  // The purpose is signed as well, so that no other signature of this secret is a link.
  const signature = (body: string): Buffer => createHmac("sha256", secret).update(`file ${body}`).digest();
  return {
    make(given, name) {
      const body = Buffer.from(JSON.stringify(claims.parse(given))).toString("base64url");
      const token = `${body}.${signature(body).toString("base64url")}`;
      return `${baseUrl.replace(/\/+$/, "")}${FILES_PATH}/${token}/${encodeURIComponent(name)}`;
    },
    read(token, now) {
      const [, body = "", signed = ""] = FORM.exec(token) ?? [];
      const given = Buffer.from(signed, "base64url");
      const wanted = signature(body);
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
      const read = claims.safeParse(JSON.parse(Buffer.from(body, "base64url").toString()));
      return read.success && read.data.until > now ? read.data : undefined;
    },
  };
}
