import { newId } from "./ids.ts";
import type { Channel, User, Usergroup } from "./types.ts";

/** Who and what there is in the workspace. */
export interface Directory {
  users(): readonly User[];
  user(id: string): User | undefined;
  channels(): readonly Channel[];
  channel(id: string): Channel | undefined;
  usergroups(): readonly Usergroup[];
  usergroup(id: string): Usergroup | undefined;
  /** The direct-message conversation of exactly these people, made on first use. */
  direct(members: readonly string[]): Channel;
  /** Adds or replaces an entry, as an administrator would. */
  putUser(user: User): void;
  putChannel(channel: Channel): void;
  putUsergroup(group: Usergroup): void;
}

export function createDirectory(seed: {
  readonly users: readonly User[];
  readonly channels: readonly Channel[];
  readonly usergroups: readonly Usergroup[];
}): Directory {
  const users = new Map(seed.users.map((user) => [user.id, user]));
  const channels = new Map(seed.channels.map((channel) => [channel.id, channel]));
  const usergroups = new Map(seed.usergroups.map((group) => [group.id, group]));
  const directs = new Map<string, string>();
  const openDirect = (members: readonly string[]): Channel => {
    const key = members.toSorted().join(",");
    const known = channels.get(directs.get(key) ?? "");
    if (known !== undefined) return known;
    const isMpim = members.length > 2;
    const id = newId(isMpim ? "G" : "D");
    const names = members.map((member) => users.get(member)?.name ?? member);
    const name = isMpim ? `mpdm-${names.join("--")}-1` : "directmessage";
    const channel: Channel = { id, name, members, ...(isMpim ? { is_mpim: true } : { is_im: true }) };
    channels.set(id, channel);
    directs.set(key, id);
    return channel;
  };
  return {
    users: () => [...users.values()],
    user: (id) => users.get(id),
    channels: () => [...channels.values()],
    channel: (id) => channels.get(id),
    usergroups: () => [...usergroups.values()],
    usergroup: (id) => usergroups.get(id),
    direct: openDirect,
    putUser: (user) => void users.set(user.id, user),
    putChannel: (channel) => void channels.set(channel.id, channel),
    putUsergroup: (group) => void usergroups.set(group.id, group),
  };
}
