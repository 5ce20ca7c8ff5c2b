import { ActingError } from "../errors.ts";
import { newId } from "../ids.ts";
import { renderView } from "../render.ts";
import type { Delivery, Json } from "../types.ts";
import type { World } from "../world.ts";
import { type DeliverOptions, deliver } from "./deliver.ts";
import { activePerson } from "./person.ts";

/** Sends an event as the Events API wraps it. */
export async function sendEvent(
  world: World,
  requestUrl: string | undefined,
  event: Json,
  options: DeliverOptions,
): Promise<Delivery> {
  const { settings } = world;
  const { teamId: team_id, botUserId: user_id } = settings;
  const payload = {
    token: settings.verificationToken,
    team_id,
    context_team_id: team_id,
    context_enterprise_id: null,
    api_app_id: settings.appId,
    event,
    type: "event_callback",
    event_id: newId("Ev"),
    event_time: Math.floor(settings.now() / 1000),
    authorizations: [{ enterprise_id: null, team_id, user_id, is_bot: true, is_enterprise_install: false }],
    is_ext_shared_channel: false,
  };
  const ack = await deliver(world, requestUrl, { kind: "event", payload }, options);
  return { kind: "event", payload, ...ack };
}

/** The event of a person opening the app's Home tab. */
export function homeOpened(world: World, userId: string): Json {
  if (!world.settings.homeTab) throw new ActingError("the app has no Home tab");
  const { id } = activePerson(world, userId);
  const view = world.views.home(id);
  return {
    type: "app_home_opened",
    user: id,
    channel: world.directory.direct([id, world.settings.botUserId]).id,
    tab: "home",
    event_ts: String(world.settings.now() / 1000),
    ...(view === undefined ? {} : { view: renderView(world, view) }),
  };
}
