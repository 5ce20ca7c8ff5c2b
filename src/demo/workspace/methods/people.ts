import { z } from "zod";
import { SlackError } from "../errors.ts";
import { renderUser, renderUsergroup } from "../render.ts";
import type { World } from "../world.ts";
import { flag, id, page, paging } from "./args.ts";
import { method } from "./method.ts";

export const userInfo = method({
  scopes: ["users:read"],
  args: z.strictObject({ user: id, include_locale: flag.optional() }),
  run(world, args) {
    const user = world.directory.user(args.user);
    if (user === undefined) throw new SlackError("user_not_found");
    return { user: renderUser(world, user) };
  },
});

export const userList = method({
  scopes: ["users:read"],
  args: z.strictObject({ include_locale: flag.optional(), ...paging }),
  run(world, args) {
    const { items, response_metadata } = page(world.directory.users(), args);
    return { members: items.map((user) => renderUser(world, user)), response_metadata };
  },
});

export const lookupByEmail = method({
  scopes: ["users:read.email"],
  args: z.strictObject({ email: id }),
  run(world, args) {
    const user = world.directory
      .users()
      .find((each) => each.email.toLowerCase() === args.email.toLowerCase() && each.is_bot !== true);
    // Slack knows no deactivated people here.
    if (user === undefined || user.deleted === true) throw new SlackError("users_not_found");
    return { user: renderUser(world, user) };
  },
});

function requirePaidPlan({ settings }: World): void {
  if (!settings.paidPlan) throw new SlackError("plan_upgrade_required");
}

export const usergroupList = method({
  scopes: ["usergroups:read"],
  args: z.strictObject({
    include_users: flag.optional(),
    include_count: flag.optional(),
    include_disabled: flag.optional(),
  }),
  run(world, args) {
    requirePaidPlan(world);
    const usergroups = world.directory.usergroups().map((group) => ({
      ...renderUsergroup(world, group),
      ...(args.include_users === true ? { users: group.users } : {}),
    }));
    return { usergroups };
  },
});

export const usergroupUsers = method({
  scopes: ["usergroups:read"],
  args: z.strictObject({ usergroup: id, include_disabled: flag.optional() }),
  run(world, args) {
    requirePaidPlan(world);
    const group = world.directory.usergroup(args.usergroup);
    if (group === undefined) throw new SlackError("no_such_subteam");
    return { users: group.users };
  },
});
