import { WebAPIPlatformError, type WebClient } from "@slack/web-api";
import { createCache } from "./cache.ts";
import { patiently } from "./client.ts";

/** A channel, as far as sending to it goes. */
export interface Conversation {
  readonly id: string;
  readonly name: string;
  readonly isArchived: boolean;
  /** Whether the app was invited. */
  readonly isMember: boolean;
  readonly isPrivate: boolean;
  /** Whether people of another organisation are in it. */
  readonly isForeign: boolean;
}

/** Looks channels up; what Slack said is kept for some minutes. */
export interface Conversations {
  /**
   * Undefined for one that there is not, or that the app may not know of. Throws where Slack cannot say. Only what can be
   * sent to is kept.
   */
  byId(id: string): Promise<Conversation | undefined>;
  /** All that the app may know of. Throws likewise. */
  all(): Promise<readonly Conversation[]>;
  /** Whether somebody is in a channel. Throws likewise. */
  hasMember(channel: string, user: string): Promise<boolean>;
}

const LIFETIME = 5 * 60_000;
const PAGE = 500;
const MOST_PAGES = 20;

interface Channel {
  readonly id?: string;
  readonly name?: string;
  readonly is_archived?: boolean;
  readonly is_member?: boolean;
  readonly is_private?: boolean;
  readonly is_ext_shared?: boolean;
  readonly is_pending_ext_shared?: boolean;
}

function conversationOf(channel: Channel): Conversation {
  return {
    id: channel.id ?? "",
    name: channel.name ?? channel.id ?? "",
    isArchived: channel.is_archived === true,
    isMember: channel.is_member === true,
    isPrivate: channel.is_private === true,
    isForeign: channel.is_ext_shared === true || channel.is_pending_ext_shared === true,
  };
}

export function createConversations(
  client: Pick<WebClient, "conversations">,
  clock: () => number,
): Conversations {
  const known = createCache<Conversation | undefined>({ most: 1_000, lifetime: LIFETIME, clock });
  const lists = createCache<readonly Conversation[]>({ most: 1, lifetime: LIFETIME, clock });

  async function load(channel: string): Promise<Conversation | undefined> {
    try {
      const { channel: found } = await patiently(() => client.conversations.info({ channel }));
      return found && conversationOf(found);
    } catch (error) {
      if (error instanceof WebAPIPlatformError && error.data.error === "channel_not_found") return undefined;
      throw error;
    }
  }

  async function loadMembers(channel: string): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    let cursor = "";
    for (let page = 0; page < MOST_PAGES; page++) {
      const { members = [], response_metadata } = await patiently(() =>
        client.conversations.members({ channel, limit: PAGE, ...(cursor === "" ? {} : { cursor }) }),
      );
      for (const member of members) found.add(member);
      cursor = response_metadata?.next_cursor ?? "";
      if (cursor === "") break;
    }
    return found;
  }

  async function loadAll(): Promise<readonly Conversation[]> {
    const all: Conversation[] = [];
    let cursor = "";
    for (let page = 0; page < MOST_PAGES; page++) {
      const { channels = [], response_metadata } = await patiently(() =>
        client.conversations.list({
          types: "public_channel,private_channel",
          limit: PAGE,
          ...(cursor === "" ? {} : { cursor }),
        }),
      );
      all.push(...channels.map(conversationOf));
      cursor = response_metadata?.next_cursor ?? "";
      if (cursor === "") break;
    }
    return all;
  }

  return {
    async byId(id) {
      const found = await known.get(id, () => load(id));
      // Whoever reads that the app is not in there invites it and tries again at once.
      if (!found?.isMember || found.isArchived) known.forget(id);
      return found;
    },
    all: () => lists.get("all", loadAll),
    hasMember: async (channel, user) => (await loadMembers(channel)).has(user),
  };
}
