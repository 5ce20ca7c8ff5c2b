import type { Config } from "../config.ts";
import { ConfigError } from "../errors.ts";

/** How Slack reaches the app: it posts to our address, or we hold connections to it. */
export type Reach =
  | { readonly by: "http"; readonly signingSecret: string; readonly host: string; readonly port: number }
  | { readonly by: "socket"; readonly appToken: string };

/** What the Slack front needs of the configuration. */
export interface SlackSettings {
  readonly botToken: string;
  readonly reach: Reach;
  /** Another address of the Web API, with a slash at its end. */
  readonly apiUrl: string | undefined;
  /** Undefined: the workspace's owners and admins. */
  readonly admins: readonly string[] | undefined;
}

const DEMO = "npm run demo shows the product without a Slack account";
const WAYS = "SLACK_SIGNING_SECRET (for HTTP) or SLACK_APP_TOKEN (for Socket Mode)";

/**
 * Socket Mode when there is an app-level token, otherwise HTTP.
 * @throws ConfigError that names the settings that are missing
 */
export function slackSettings(config: Config): SlackSettings {
  const { SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: secret, SLACK_APP_TOKEN: appToken } = config;
  const hasWay = secret !== undefined || appToken !== undefined;
  if (botToken === undefined) {
    throw new ConfigError(`SLACK_BOT_TOKEN${hasWay ? "" : `, and ${WAYS},`} has to be set; ${DEMO}`);
  }
  const apiUrl = config.SLACK_API_URL?.replace(/\/*$/, "/");
  const common = { botToken, apiUrl, admins: config.ADMINS };
  if (appToken !== undefined) return { ...common, reach: { by: "socket", appToken } };
  if (secret === undefined) throw new ConfigError(`${WAYS} has to be set beside SLACK_BOT_TOKEN; ${DEMO}`);
  const { HOST: host, PORT: port } = config;
  return { ...common, reach: { by: "http", signingSecret: secret, host, port } };
}
