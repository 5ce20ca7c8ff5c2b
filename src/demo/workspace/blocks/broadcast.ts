import { isObject, walk } from "./walk.ts";

const broadcast = /<!(channel|here|everyone)(\|[^>]*)?>/g;

/** The mentions in formatted text that would wake a whole channel. */
export function broadcastsIn(text: string): readonly string[] {
  return text.match(broadcast) ?? [];
}

/** The same for blocks: in `mrkdwn`, in `markdown`, and as an element of rich text. */
export function broadcastsInBlocks(blocks: readonly unknown[]): readonly string[] {
  const found: string[] = [];
  walk(blocks, (node) => {
    const isFormatted = isObject(node) && (node.type === "mrkdwn" || node.type === "markdown");
    if (isFormatted && typeof node.text === "string") found.push(...broadcastsIn(node.text));
    if (node.type === "broadcast") found.push(`broadcast ${String(node.range)}`);
  });
  return found;
}
