import { setBounded } from "./bounded.ts";
import { SlackError } from "./errors.ts";
import { newSecret } from "./ids.ts";

const lifetime = 30 * 60_000;
const uses = 5;

/** What a response URL lets the app do: answer this person in this channel, about that message. */
export interface Grant {
  readonly userId: string;
  readonly channelId: string;
  /** The clicked message; absent for a slash command, which has no original to replace. */
  readonly ts?: string;
}

export interface ResponseUrls {
  /** Gives the last part of the address. */
  issue(grant: Grant): string;
  /** Counts one use, also one whose content is then refused. Throws `invalid_url`, `expired_url` or `used_url`. */
  use(id: string): Grant;
}

export function createResponseUrls(now: () => number): ResponseUrls {
  const issued = new Map<string, { grant: Grant; at: number; left: number }>();
  return {
    issue(grant) {
      const id = newSecret();
      setBounded(issued, id, { grant, at: now(), left: uses }, 1000);
      return id;
    },
    use(id) {
      const entry = issued.get(id);
      if (entry === undefined) throw new SlackError("invalid_url");
      if (now() - entry.at > lifetime) throw new SlackError("expired_url");
      if (entry.left === 0) throw new SlackError("used_url");
      entry.left -= 1;
      return entry.grant;
    },
  };
}
