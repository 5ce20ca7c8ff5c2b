import { isObject } from "../blocks/walk.ts";
import { ActingError, SlackError } from "../errors.ts";
import { applyResponse } from "../respond.ts";
import type { Channel, Delivery } from "../types.ts";
import type { World } from "../world.ts";
import { type DeliverOptions, deliver } from "./deliver.ts";
import { escapeCommandText } from "./escape.ts";
import { personIn, showNotice } from "./person.ts";

/** Types a slash command and shows the person what came of it, Slack's own notices included. */
export async function sendCommand(
  world: World,
  requestUrl: string | undefined,
  typed: { readonly userId: string; readonly channelId: string; readonly line: string },
  options: DeliverOptions,
): Promise<Delivery> {
  const { settings, directory } = world;
  const { user, channel } = personIn(world, typed.userId, typed.channelId);
  const [, command = "", text = ""] = /^(\/\S+)\s*([\s\S]*)$/.exec(typed.line.trim()) ?? [];
  if (!settings.commands.includes(command) || !settings.scopes.includes("commands"))
    throw new ActingError(`${command || typed.line} is not a valid command`);
  const grant = { userId: user.id, channelId: channel.id };
  const responseUrl = `${world.origin()}/response/${world.responseUrls.issue(grant)}`;
  const triggerId = world.triggers.issue(user.id);
  const payload = {
    token: settings.verificationToken,
    team_id: settings.teamId,
    team_domain: settings.teamDomain,
    channel_id: channel.id,
    channel_name: commandChannelName(channel),
    user_id: user.id,
    user_name: user.name,
    command,
    text: escapeCommandText(text, directory, settings.shouldEscape),
    api_app_id: settings.appId,
    is_enterprise_install: "false",
    response_url: responseUrl,
    trigger_id: triggerId,
  };
  const ack = await deliver(world, requestUrl, { kind: "command", payload }, options);
  const delivery = { kind: "command", payload, triggerId, responseUrl, ...ack } as const;
  if (ack.error !== undefined) {
    showNotice(world, grant, `${command} failed with the error "${ack.error}"`);
    return delivery;
  }
  const error = showImmediateAnswer(world, grant, ack.body);
  return error === undefined ? delivery : { ...delivery, error };
}

/** What a slash command's channel is called: Slack does not tell the names of private ones. */
function commandChannelName(channel: Channel): string {
  if (channel.is_im === true) return "directmessage";
  return channel.is_private === true || channel.is_mpim === true ? "privategroup" : channel.name;
}

function showImmediateAnswer(
  world: World,
  grant: { readonly userId: string; readonly channelId: string },
  body: unknown,
): string | undefined {
  if (body === undefined) return undefined;
  try {
    applyResponse(world, grant, isObject(body) ? body : { text: String(body) }, "acknowledgement");
    return undefined;
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    world.violations.push({ rule: "ack", where: "acknowledgement", detail: error.message });
    return error.code;
  }
}
