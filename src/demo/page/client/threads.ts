import type { SceneMessage } from "../scene.ts";

export interface Thread {
  readonly message: SceneMessage;
  readonly replies: readonly SceneMessage[];
}

/** Messages in their order with the answers to each; an answer to what is no longer there stands for itself. */
export function threadsOf(messages: readonly SceneMessage[]): readonly Thread[] {
  const known = new Set(messages.map(({ ts }) => ts));
  const isReply = ({ thread }: SceneMessage): boolean => thread !== undefined && known.has(thread);
  return messages
    .filter((message) => !isReply(message))
    .map((message) => ({ message, replies: messages.filter(({ thread }) => thread === message.ts) }));
}
