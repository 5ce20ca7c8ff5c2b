import { z } from "zod";
import { checkViewContent } from "../content.ts";
import { SlackError } from "../errors.ts";
import { renderView } from "../render.ts";
import type { View } from "../types.ts";
import type { World } from "../world.ts";
import { id, object } from "./args.ts";
import { method } from "./method.ts";

const rendered = (world: World, view: View) => ({ view: renderView(world, view) });

export const open = method({
  scopes: [],
  args: z.strictObject({ trigger_id: id, view: object }),
  run(world, args) {
    // The trigger first: a view that is refused has used it up, as it would with Slack.
    const { userId } = world.triggers.spend(args.trigger_id);
    const content = checkViewContent(world, args.view, "modal", "views.open");
    return rendered(world, world.views.open(userId, content));
  },
});

export const push = method({
  scopes: [],
  args: z.strictObject({ trigger_id: id, view: object }),
  run(world, args) {
    const { userId, viewId } = world.triggers.spend(args.trigger_id);
    if (viewId === undefined || world.views.find(viewId)?.type !== "modal")
      throw new SlackError("invalid_trigger_id");
    const content = checkViewContent(world, args.view, "modal", "views.push");
    return rendered(world, world.views.push(userId, content));
  },
});

export const update = method({
  scopes: [],
  args: z.strictObject({
    view_id: id.optional(),
    external_id: id.optional(),
    hash: id.optional(),
    view: object,
  }),
  run(world, { view_id, external_id, hash, view: content }) {
    if ((view_id === undefined) === (external_id === undefined)) throw new SlackError("invalid_arguments");
    const view = world.views.find(view_id ?? "") ?? world.views.byExternalId(external_id ?? "");
    if (view === undefined) throw new SlackError("not_found");
    const checked = checkViewContent(world, content, view.type, "views.update");
    return rendered(world, world.views.update(view, checked, hash));
  },
});

export const publish = method({
  scopes: [],
  args: z.strictObject({ user_id: id, view: object, hash: id.optional() }),
  run(world, args) {
    if (!world.settings.homeTab) throw new SlackError("not_enabled");
    const user = world.directory.user(args.user_id);
    if (user === undefined || user.deleted === true) throw new SlackError("user_not_found");
    const content = checkViewContent(world, args.view, "home", "views.publish");
    return rendered(world, world.views.publish(user.id, content, args.hash));
  },
});
