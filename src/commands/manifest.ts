import { UsageError } from "../errors.ts";
import type { Command } from "./command.ts";

/** What the bot may do in Slack, and what each right is for. */
export const scopes = {
  commands: "to be asked",
  "chat:write": "to answer, and to send reports",
  "files:write": "to upload charts and files",
  "files:read": "to see when an uploaded chart can be shown",
  "users:read": "to know who asks, and whether they are an admin",
  "users:read.email": "to find in the vault whoever asks, and whom a mention means",
  "channels:read": "to find the channels that reports are sent to",
  "groups:read": "the same for private channels that the app was invited to",
  "usergroups:read": "to know who is in a user group that `ADMINS` names",
} as const;

const PATH = "/slack/events";
const NEW_APP = "https://api.slack.com/apps?new_app=1&manifest_json=";

/**
 * The app as Slack creates it from a manifest (https://docs.slack.dev/reference/app-manifest): reached over HTTP at
 * `requestUrl`, or in Socket Mode without one.
 */
export function buildManifest(requestUrl: string | undefined) {
  const at = requestUrl === undefined ? {} : { request_url: requestUrl };
  return {
    display_information: {
      name: "Vault Usage",
      description: "Who uses the password vault, how much, and who has stopped.",
    },
    features: {
      app_home: {
        home_tab_enabled: true,
        messages_tab_enabled: true,
        messages_tab_read_only_enabled: true,
      },
      bot_user: { display_name: "Vault Usage", always_online: true },
      slash_commands: [
        {
          command: "/usage",
          ...(requestUrl === undefined ? {} : { url: requestUrl }),
          description: "Who uses the password vault, and how much",
          usage_hint: "overview last month · users inactive · user ann · inactive · me · help",
          // A mention comes as an id, which can be looked up, instead of as a name.
          should_escape: true,
        },
      ],
    },
    oauth_config: { scopes: { bot: Object.keys(scopes) as (keyof typeof scopes)[] } },
    settings: {
      event_subscriptions: { ...at, bot_events: ["app_home_opened" as const] },
      interactivity: { is_enabled: true, ...at },
      org_deploy_enabled: false,
      socket_mode_enabled: requestUrl === undefined,
      token_rotation_enabled: false,
    },
  };
}

/** Prints what Slack creates the app from. */
export const manifestCommand: Command = {
  words: "manifest [URL]",
  help: "what Slack creates the app from, and a link that does it; URL is where Slack reaches the app, else Socket Mode",
  examples: ["manifest", "manifest https://usage.example.com"],
  where: "terminal",
  audience: "everyone",
  needs: "nothing",
  async run(words) {
    if (words.length > 1) throw new UsageError(`manifest takes one address at most; ${right}`);
    const manifest = buildManifest(words[0] === undefined ? undefined : requestUrlOf(words[0]));
    const link = `${NEW_APP}${encodeURIComponent(JSON.stringify(manifest))}`;
    return { type: "text", text: `${JSON.stringify(manifest, null, 2)}\n\n${link}`, data: manifest };
  },
};

const right = "right would be the https address at which Slack reaches the app, as https://usage.example.com";

/** @throws UsageError for what Slack would not take as a request URL */
function requestUrlOf(typed: string): string {
  const url = URL.parse(typed);
  const isGood =
    url?.protocol === "https:" &&
    url.hostname !== "" &&
    url.username === "" &&
    url.password === "" &&
    url.search === "" &&
    url.hash === "";
  if (!isGood) throw new UsageError(`“${typed.slice(0, 200)}” is no address for Slack; ${right}`);
  const path = url.pathname.replace(/\/+$/, "");
  return `${url.origin}${path.endsWith(PATH) ? path : `${path}${PATH}`}`;
}
