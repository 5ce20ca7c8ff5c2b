import { SlackError } from "./errors.ts";
import type { Channel } from "./types.ts";
import type { World } from "./world.ts";

type Place = Pick<World, "directory" | "settings">;

/** A conversation that the app can see: any public one, others only from inside. Throws `channel_not_found`. */
export function visibleChannel({ directory, settings }: Place, id: string): Channel {
  const channel = directory.channel(id);
  const isHidden = channel?.is_private === true || channel?.is_im === true || channel?.is_mpim === true;
  if (channel === undefined || (isHidden && !channel.members.includes(settings.botUserId)))
    throw new SlackError("channel_not_found");
  return channel;
}

/**
 * The conversation a post goes to; a person's id means the direct message with them. Throws `channel_not_found`,
 * `is_archived` or `not_in_channel`.
 */
export function postableChannel(world: Place, id: string, allowPerson = true): Channel {
  const { directory, settings } = world;
  const person = directory.user(id);
  if (allowPerson && person !== undefined && person.deleted !== true)
    return directory.direct([id, settings.botUserId]);
  const channel = visibleChannel(world, id);
  if (channel.is_archived === true) throw new SlackError("is_archived");
  const isPublicToAll = settings.scopes.includes("chat:write.public") && channel.is_private !== true;
  if (!channel.members.includes(settings.botUserId) && !isPublicToAll) throw new SlackError("not_in_channel");
  return channel;
}
