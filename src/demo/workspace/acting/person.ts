import { ActingError } from "../errors.ts";
import type { Channel, User } from "../types.ts";
import type { World } from "../world.ts";

/** A person who may do something. Throws ActingError for someone unknown or deactivated. */
export function activePerson({ directory }: Pick<World, "directory">, userId: string): User {
  const user = directory.user(userId);
  if (user === undefined || user.deleted === true || user.is_bot === true)
    throw new ActingError(`${userId} is nobody who can act here`);
  return user;
}

/** A person in a channel that they are in. Throws ActingError. */
export function personIn(
  world: Pick<World, "directory">,
  userId: string,
  channelId: string,
): { readonly user: User; readonly channel: Channel } {
  const user = activePerson(world, userId);
  const channel = world.directory.channel(channelId);
  if (channel === undefined || !channel.members.includes(userId))
    throw new ActingError(`${user.name} is not in ${channelId}`);
  if (channel.is_archived === true) throw new ActingError(`${channel.name} is archived`);
  return { user, channel };
}

/** What Slack itself tells a person, such as that the app did not answer. */
export function showNotice(
  { messages }: Pick<World, "messages">,
  to: { readonly userId: string; readonly channelId: string },
  text: string,
): void {
  const { userId: ephemeralTo, channelId: channel } = to;
  messages.post({ channel, user: "USLACKBOT", text, blocks: [], files: [], ephemeralTo });
}
