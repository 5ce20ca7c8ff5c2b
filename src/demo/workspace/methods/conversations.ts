import { z } from "zod";
import { visibleChannel } from "../access.ts";
import { SlackError } from "../errors.ts";
import { renderChannel } from "../render.ts";
import type { Channel } from "../types.ts";
import { flag, id, page, paging, string } from "./args.ts";
import { method, requireScope } from "./method.ts";

const scopes = ["channels:read", "groups:read", "im:read", "mpim:read"];

type Kind = "public_channel" | "private_channel" | "im" | "mpim";
const scopeOf: Readonly<Record<Kind, string>> = {
  public_channel: "channels:read",
  private_channel: "groups:read",
  im: "im:read",
  mpim: "mpim:read",
};

function kindOf(channel: Channel): Kind {
  if (channel.is_im === true) return "im";
  if (channel.is_mpim === true) return "mpim";
  return channel.is_private === true ? "private_channel" : "public_channel";
}

export const info = method({
  scopes,
  args: z.strictObject({
    channel: id,
    include_num_members: flag.optional(),
    include_locale: flag.optional(),
  }),
  run(world, args) {
    const channel = visibleChannel(world, args.channel);
    requireScope(world, [scopeOf[kindOf(channel)]]);
    return { channel: renderChannel(world, channel) };
  },
});

export const members = method({
  scopes,
  args: z.strictObject({ channel: id, ...paging }),
  run(world, args) {
    const channel = visibleChannel(world, args.channel);
    requireScope(world, [scopeOf[kindOf(channel)]]);
    const { items, response_metadata } = page(channel.members, args);
    return { members: items, response_metadata };
  },
});

export const list = method({
  scopes,
  args: z.strictObject({ types: string.optional(), exclude_archived: flag.optional(), ...paging }),
  run(world, args) {
    const types = (args.types ?? "public_channel").split(",").map((type) => type.trim());
    const kinds = types.filter((type): type is Kind => type in scopeOf);
    if (kinds.length !== types.length) throw new SlackError("invalid_types");
    for (const kind of kinds) requireScope(world, [scopeOf[kind]]);
    const bot = world.settings.botUserId;
    const channels = world.directory
      .channels()
      .filter((channel) => kinds.includes(kindOf(channel)))
      .filter((channel) => kindOf(channel) === "public_channel" || channel.members.includes(bot))
      .filter((channel) => args.exclude_archived !== true || channel.is_archived !== true);
    const { items, response_metadata } = page(channels, args);
    return { channels: items.map((channel) => renderChannel(world, channel)), response_metadata };
  },
});

export const open = method({
  scopes: ["im:write", "mpim:write", "channels:manage", "groups:write"],
  args: z.strictObject({
    users: string.optional(),
    channel: id.optional(),
    return_im: flag.optional(),
    prevent_creation: flag.optional(),
  }),
  run(world, args) {
    if (args.channel !== undefined)
      return { channel: renderChannel(world, visibleChannel(world, args.channel)) };
    const users = (args.users ?? "").split(",").filter((user) => user !== "");
    if (users.length === 0) throw new SlackError("users_list_not_supplied");
    if (users.length > 8) throw new SlackError("too_many_users");
    requireScope(world, [users.length === 1 ? "im:write" : "mpim:write"]);
    for (const user of users) {
      const person = world.directory.user(user);
      if (person === undefined) throw new SlackError("user_not_found");
      if (person.deleted === true) throw new SlackError("user_disabled");
    }
    const channel = world.directory.direct([...users, world.settings.botUserId]);
    return {
      channel: args.return_im === true ? renderChannel(world, channel) : { id: channel.id },
    };
  },
});
