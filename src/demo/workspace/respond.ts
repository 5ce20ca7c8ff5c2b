import { z } from "zod";
import { describe, problemDetails } from "./blocks/problem.ts";
import { checkContent } from "./content.ts";
import { SlackError } from "./errors.ts";
import { metadata } from "./methods/args.ts";
import type { Grant } from "./response-urls.ts";
import type { Json, Message } from "./types.ts";
import type { World } from "./world.ts";

const payloadSchema = z.strictObject({
  text: z.string().optional(),
  blocks: z.array(z.unknown()).optional(),
  response_type: z.enum(["ephemeral", "in_channel"]).optional(),
  replace_original: z.boolean().optional(),
  delete_original: z.boolean().optional(),
  thread_ts: z.string().min(1).optional(),
  mrkdwn: z.boolean().optional(),
  unfurl_links: z.boolean().optional(),
  unfurl_media: z.boolean().optional(),
  metadata: metadata.optional(),
});

/**
 * Does what the app sent to a response URL, or in the acknowledgement of a slash command. Throws SlackError; the
 * codes beyond those of chat.postMessage are `no_original_message` (Slack silently posts a new one, bolt-js 2287) and
 * `cannot_make_visible` (Slack silently keeps it ephemeral).
 */
export function applyResponse(world: World, grant: Grant, payload: Json, where: string): void {
  const checked = payloadSchema.safeParse(payload, { reportInput: true });
  if (!checked.success) {
    const problems = checked.error.issues.map((issue) => describe(issue));
    throw new SlackError("invalid_arguments", problemDetails(problems));
  }
  const { replace_original, delete_original, response_type, text, blocks, thread_ts } = checked.data;
  if (delete_original === true) {
    world.messages.remove(original(world, grant));
    return;
  }
  const content = checkContent(world, { text, blocks }, where);
  if (replace_original === true) {
    const message = original(world, grant);
    if (message.ephemeralTo !== undefined && response_type === "in_channel")
      throw new SlackError("cannot_make_visible");
    world.messages.replace(message, content);
    return;
  }
  world.messages.post({
    ...content,
    channel: grant.channelId,
    user: world.settings.botUserId,
    files: [],
    ...(response_type === "in_channel" ? {} : { ephemeralTo: grant.userId }),
    ...(thread_ts === undefined ? {} : { thread_ts }),
  });
}

function original({ messages }: World, grant: Grant): Message {
  const message = grant.ts === undefined ? undefined : messages.find(grant.channelId, grant.ts);
  if (message === undefined) throw new SlackError("no_original_message");
  return message;
}
