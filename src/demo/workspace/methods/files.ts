import { z } from "zod";
import { postableChannel } from "../access.ts";
import { checkContent } from "../content.ts";
import { SlackError } from "../errors.ts";
import { isImageName } from "../file-types.ts";
import { renderFile } from "../render.ts";
import type { Channel, StoredFile } from "../types.ts";
import type { World } from "../world.ts";
import { blocks, id, list, string, whole } from "./args.ts";
import { checkThread } from "./chat.ts";
import { method } from "./method.ts";

const mostBytes = 1_000_000_000;

export const getUploadURLExternal = method({
  scopes: ["files:write"],
  args: z.strictObject({
    filename: id,
    length: whole(1, mostBytes),
    alt_text: z.string().min(1).max(1000).optional(),
    alt_txt: z.string().min(1).max(1000).optional(),
    snippet_type: id.optional(),
  }),
  run(world, { filename, length, alt_text, alt_txt = alt_text }) {
    // Slack takes it, and then does not show the file's preview (python-slack-sdk 1818).
    if (alt_txt !== undefined && !isImageName(filename))
      throw new SlackError("invalid_arguments", { errors: ["alt text is for images only"] });
    const altText = alt_txt === undefined ? {} : { altText: alt_txt };
    const { file, ticket } = world.files.begin({ name: filename, length, ...altText });
    return { upload_url: `${world.origin()}/upload/${ticket}`, file_id: file.id };
  },
});

const completed = z
  .array(z.strictObject({ id, title: z.string().min(1).max(255).optional() }))
  .min(1)
  .max(20);

export const completeUploadExternal = method({
  scopes: ["files:write"],
  args: z.strictObject({
    files: list.pipe(completed),
    channel_id: id.optional(),
    channels: string.optional(),
    thread_ts: id.optional(),
    initial_comment: z.string().min(1).optional(),
    blocks: blocks.optional(),
  }),
  run(world, args) {
    if (args.blocks !== undefined && args.initial_comment !== undefined)
      throw new SlackError("invalid_arguments", { errors: ["blocks are ignored beside initial_comment"] });
    const ids = [...(args.channels?.split(",") ?? []), ...(args.channel_id ? [args.channel_id] : [])];
    const channels = ids.map((channel) => postableChannel(world, channel, false));
    for (const channel of channels) checkThread(world, channel.id, args.thread_ts);
    for (const { id: file } of args.files)
      if (world.files.find(file)?.bytes === undefined) throw new SlackError("file_not_found");
    const comment = args.initial_comment ?? args.files.map(({ title = "file" }) => title).join(", ");
    const content = checkContent(
      world,
      { text: comment, blocks: args.blocks },
      "files.completeUploadExternal",
    );
    const shared = channels.map((channel) => channel.id);
    const files = args.files.map(({ id: file, title }) =>
      world.files.complete(file, { channels: shared, ...(title === undefined ? {} : { title }) }),
    );
    for (const channel of channels) share(world, channel, files, content, args.thread_ts);
    return { files: files.map((file) => renderFile(world, file)) };
  },
});

function share(
  world: World,
  channel: Channel,
  files: readonly StoredFile[],
  content: ReturnType<typeof checkContent>,
  thread_ts: string | undefined,
): void {
  world.messages.post({
    ...content,
    channel: channel.id,
    user: world.settings.botUserId,
    files: files.map((file) => file.id),
    ...(thread_ts === undefined ? {} : { thread_ts }),
  });
}

export const info = method({
  scopes: ["files:read"],
  args: z.strictObject({ file: id }),
  run(world, args) {
    const file = world.files.find(args.file);
    if (file?.completedAt === undefined) throw new SlackError("file_not_found");
    return { file: renderFile(world, file) };
  },
});

export const remove = method({
  scopes: ["files:write"],
  args: z.strictObject({ file: id }),
  run(world, args) {
    // A bot token may take away only what is the app's own.
    if (world.files.find(args.file)?.owner !== undefined) throw new SlackError("cant_delete_file");
    world.files.remove(args.file);
    return {};
  },
});
