import { WebAPIPlatformError, type WebClient } from "@slack/web-api";
import { AppError, ConfigError } from "../errors.ts";
import type { HomeOrganisation } from "./users.ts";

/** Whose token it is. */
export interface Identity {
  readonly bot: { readonly botId?: string; readonly botUserId?: string };
  readonly home: HomeOrganisation;
}

/** Asks Slack whose token it is. @throws ConfigError when Slack does not accept it */
export async function whoAmI(client: WebClient): Promise<Identity> {
  try {
    const { bot_id: botId, user_id: botUserId, team_id: teamId, enterprise_id } = await client.auth.test();
    return {
      bot: { ...(botId && { botId }), ...(botUserId && { botUserId }) },
      home: { teamId, enterpriseId: enterprise_id },
    };
  } catch (cause) {
    if (cause instanceof WebAPIPlatformError) {
      throw new ConfigError(
        `SLACK_BOT_TOKEN has to be the bot token of an installed app (Slack says ${cause.data.error})`,
      );
    }
    throw new AppError("Slack cannot be reached", {
      cause,
      retryable: true,
      userMessage: `Slack cannot be reached at ${client.slackApiUrl} (${(cause as Error).message}); is there a network, and is SLACK_API_URL right?`,
    });
  }
}
