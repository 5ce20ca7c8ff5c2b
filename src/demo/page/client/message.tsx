import { memo } from "react";
import type { SceneChannel, SceneMessage } from "../scene.ts";
import { Avatar } from "./avatar.tsx";
import { BlockList } from "./blocks/block-list.tsx";
import { Text } from "./blocks/text.tsx";
import { SharedFile } from "./file-card.tsx";
import { userOf, useSeen } from "./scene-context.ts";
import { send } from "./send.ts";
import { type Surface, SurfaceContext } from "./surface.ts";
import { timeOf } from "./words.ts";

interface MessageProps {
  readonly channel: SceneChannel;
  readonly message: SceneMessage;
  readonly replies?: readonly SceneMessage[];
}

/** A message with who wrote it, its blocks and files, and the answers to it; not drawn anew with every key typed. */
export const Message = memo(function Message({ channel, message, replies = [] }: MessageProps) {
  const scene = useSeen();
  const { ts, text, blocks, files, isEphemeral, isEdited, version } = message;
  const user = userOf(scene, message.user);
  const surface: Surface = {
    id: `m${ts}`,
    version: [version, scene.modals.length, channel.messages.at(-1)?.ts].join(" "),
    channel: channel.id,
    click: (block, action, choice) =>
      send({ act: "click", as: scene.me, target: { channel: channel.id, ts }, block, action, choice }),
  };
  return (
    <article className="message" data-ts={ts} aria-label={user.realName}>
      <Avatar user={user} />
      <div className="said">
        {isEphemeral && <p className="only-you">Only visible to you</p>}
        <p className="by">
          <strong>{user.realName}</strong>
          {user.kind === "app" && <span className="badge">App</span>}
          <time>{timeOf(ts)}</time>
        </p>
        {blocks.length > 0 ? (
          <SurfaceContext value={surface}>
            <BlockList blocks={blocks} />
          </SurfaceContext>
        ) : (
          files.length === 0 && <Text text={{ type: "mrkdwn", text }} />
        )}
        {isEdited && !isEphemeral && <small className="edited">(edited)</small>}
        {files.map((id) => (
          <SharedFile key={id} id={id} />
        ))}
        {replies.length > 0 && (
          <div className="replies">
            <p>{replies.length === 1 ? "1 reply" : `${replies.length} replies`}</p>
            {replies.map((reply) => (
              <Message key={reply.ts} channel={channel} message={reply} />
            ))}
          </div>
        )}
      </div>
    </article>
  );
});
