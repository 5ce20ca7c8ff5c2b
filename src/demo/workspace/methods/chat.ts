import { z } from "zod";
import { postableChannel, visibleChannel } from "../access.ts";
import { checkContent } from "../content.ts";
import { SlackError } from "../errors.ts";
import { renderMessage } from "../render.ts";
import type { Message } from "../types.ts";
import type { World } from "../world.ts";
import { blocks, flag, id, metadata, string } from "./args.ts";
import { method } from "./method.ts";

const scopes = ["chat:write"];
const content = { channel: id, text: string.optional(), blocks: blocks.optional() };
const look = {
  thread_ts: id.optional(),
  mrkdwn: flag.optional(),
  parse: z.enum(["none", "full"]).optional(),
  link_names: flag.optional(),
  unfurl_links: flag.optional(),
  unfurl_media: flag.optional(),
};

/** Throws `thread_not_found` unless the thread's first message is there. */
export function checkThread({ messages }: World, channel: string, thread: string | undefined): void {
  const parent = thread === undefined ? undefined : messages.find(channel, thread);
  if (thread !== undefined && (parent === undefined || parent.ephemeralTo !== undefined))
    throw new SlackError("thread_not_found");
}

/** A message that the app may change. Ephemeral ones are out of reach for the Web API. */
function ownMessage(world: World, channel: string, ts: string, refusal: string): Message {
  visibleChannel(world, channel);
  const message = world.messages.find(channel, ts);
  if (message === undefined || message.ephemeralTo !== undefined) throw new SlackError("message_not_found");
  if (message.user !== world.settings.botUserId) throw new SlackError(refusal);
  return message;
}

export const postMessage = method({
  scopes,
  args: z.strictObject({
    ...content,
    ...look,
    reply_broadcast: flag.optional(),
    metadata: metadata.optional(),
  }),
  run(world, args) {
    const channel = postableChannel(world, args.channel);
    checkThread(world, channel.id, args.thread_ts);
    const checked = checkContent(world, args, "chat.postMessage");
    world.faults.countPost(channel.id);
    const { thread_ts, metadata: data } = args;
    const message = world.messages.post({
      ...checked,
      channel: channel.id,
      user: world.settings.botUserId,
      files: [],
      ...(thread_ts === undefined ? {} : { thread_ts }),
      ...(data === undefined ? {} : { metadata: data }),
    });
    return { channel: channel.id, ts: message.ts, message: renderMessage(world, message) };
  },
});

export const postEphemeral = method({
  scopes,
  args: z.strictObject({ ...content, ...look, user: id }),
  run(world, args) {
    const channel = postableChannel(world, args.channel, false);
    if (!channel.members.includes(args.user)) throw new SlackError("user_not_in_channel");
    checkThread(world, channel.id, args.thread_ts);
    const checked = checkContent(world, args, "chat.postEphemeral");
    world.faults.countPost(channel.id);
    const { thread_ts } = args;
    const message = world.messages.post({
      ...checked,
      channel: channel.id,
      user: world.settings.botUserId,
      files: [],
      ephemeralTo: args.user,
      ...(thread_ts === undefined ? {} : { thread_ts }),
    });
    return { message_ts: message.ts };
  },
});

export const update = method({
  scopes,
  args: z.strictObject({
    ...content,
    ts: id,
    parse: look.parse,
    link_names: look.link_names,
    metadata: metadata.optional(),
  }),
  run(world, args) {
    const message = ownMessage(world, args.channel, args.ts, "cant_update_message");
    // Slack keeps the old blocks under the new text, so the two would tell different things.
    if (message.blocks.length > 0 && args.blocks === undefined)
      throw new SlackError("invalid_arguments", { errors: ["send blocks with text; [] removes them"] });
    const checked = checkContent(world, args, "chat.update");
    const more = args.metadata === undefined ? {} : { metadata: args.metadata };
    const updated = world.messages.replace(message, checked, more);
    const { channel, ts, text } = updated;
    return { channel, ts, text, message: renderMessage(world, updated) };
  },
});

export const remove = method({
  scopes,
  args: z.strictObject({ channel: id, ts: id }),
  run(world, args) {
    const message = ownMessage(world, args.channel, args.ts, "cant_delete_message");
    world.messages.remove(message);
    return { channel: message.channel, ts: message.ts };
  },
});
