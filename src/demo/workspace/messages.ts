import { SlackError } from "./errors.ts";
import type { Change, Message } from "./types.ts";

/** All messages, ephemeral ones among them, oldest first in each channel. */
export interface MessageStore {
  post(draft: Omit<Message, "ts">): Message;
  /** Puts new content in the place of a message; its time, channel and audience stay. */
  replace(message: Message, content: Pick<Message, "text" | "blocks">, more?: Partial<Message>): Message;
  remove(message: Message): void;
  find(channel: string, ts: string): Message | undefined;
  inChannel(channel: string): readonly Message[];
  all(): readonly Message[];
}

export function createMessages(
  newTs: () => string,
  limit: number,
  changed: (change: Change) => void,
): MessageStore {
  const channels = new Map<string, Message[]>();
  const listOf = (channel: string): Message[] => channels.get(channel) ?? [];
  const indexOf = (message: Message): number => {
    const index = listOf(message.channel).findIndex((other) => other.ts === message.ts);
    if (index < 0) throw new SlackError("message_not_found");
    return index;
  };
  return {
    post(draft) {
      const message: Message = { ...draft, ts: newTs() };
      channels.set(draft.channel, [...listOf(draft.channel), message].slice(-limit));
      changed({ kind: "message", id: draft.channel });
      return message;
    },
    replace(message, content, more = {}) {
      const index = indexOf(message);
      const updated: Message = { ...message, ...content, ...more, edited: true };
      channels.set(message.channel, listOf(message.channel).with(index, updated));
      changed({ kind: "message", id: message.channel });
      return updated;
    },
    remove(message) {
      channels.set(message.channel, listOf(message.channel).toSpliced(indexOf(message), 1));
      changed({ kind: "message", id: message.channel });
    },
    find: (channel, ts) => listOf(channel).find((message) => message.ts === ts),
    inChannel: (channel) => [...listOf(channel)],
    all: () => [...channels.values()].flat(),
  };
}
