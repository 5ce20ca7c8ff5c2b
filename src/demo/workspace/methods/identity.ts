import { z } from "zod";
import { SlackError } from "../errors.ts";
import { flag, id } from "./args.ts";
import { method } from "./method.ts";

export const authTest = method({
  scopes: [],
  args: z.strictObject({}),
  run({ settings }) {
    return {
      url: `https://${settings.teamDomain}.slack.com/`,
      team: settings.teamDomain,
      team_id: settings.teamId,
      user: "vault-usage",
      user_id: settings.botUserId,
      bot_id: settings.botId,
      is_enterprise_install: false,
    };
  },
});

export const teamInfo = method({
  scopes: ["team:read"],
  args: z.strictObject({ team: id.optional() }),
  run({ settings }) {
    const { teamId, teamDomain } = settings;
    return { team: { id: teamId, name: teamDomain, domain: teamDomain, email_domain: "example.com" } };
  },
});

export const botInfo = method({
  scopes: ["users:read"],
  args: z.strictObject({ bot: id }),
  run({ settings }, args) {
    if (args.bot !== settings.botId) throw new SlackError("bot_not_found");
    const { botId, appId, botUserId } = settings;
    return { bot: { id: botId, deleted: false, name: "Vault Usage", app_id: appId, user_id: botUserId } };
  },
});

export const openConnection = method({
  scopes: [],
  token: "app",
  args: z.strictObject({ debug_reconnects: flag.optional() }),
  run({ sockets, settings }) {
    if (!settings.socketMode) throw new SlackError("socket_mode_disabled");
    return { url: sockets.invite() };
  },
});
