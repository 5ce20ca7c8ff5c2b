import { defaultDirectory } from "./sample.ts";
import type { Channel, User, Usergroup } from "./types.ts";

/** The scopes of the app's manifest. */
export const manifestScopes = [
  "chat:write",
  "commands",
  "files:write",
  "files:read",
  "users:read",
  "users:read.email",
  "channels:read",
  "groups:read",
  "usergroups:read",
] as const;

/** A block type that only some clients know; refused unless switched on. */
export type NewBlock = "data_table" | "data_visualization";

/** Everything about a workspace that a test may choose. */
export interface Settings {
  /** Milliseconds since the epoch: what message timestamps, triggers, response URLs and upload delays go by. */
  readonly now: () => number;
  readonly port: number;
  readonly teamId: string;
  readonly teamDomain: string;
  readonly timeZone: string;
  readonly appId: string;
  readonly botId: string;
  readonly botUserId: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly verificationToken: string;
  readonly scopes: readonly string[];
  readonly users: readonly User[];
  readonly channels: readonly Channel[];
  readonly usergroups: readonly Usergroup[];
  /** False is a free plan: user groups answer `plan_upgrade_required`. */
  readonly paidPlan: boolean;
  readonly commands: readonly string[];
  /** The slash command's "escape channels, users and links" setting. */
  readonly shouldEscape: boolean;
  readonly homeTab: boolean;
  readonly socketMode: boolean;
  /** The app's request URL, for HTTP; may be set later, when the app listens. */
  readonly requestUrl: string | undefined;
  /** Milliseconds of real time until Slack gives up waiting for an acknowledgement. */
  readonly ackTimeout: number;
  /** Milliseconds after completion until a file has its `mimetype`. */
  readonly fileDelay: number;
  readonly newBlocks: readonly NewBlock[];
  /** Posts to one channel: `perSecond` in the long run and `burst` at once; undefined is no limit. */
  readonly rateLimit: { readonly perSecond: number; readonly burst: number } | undefined;
  /** How much is kept of what would grow for ever. */
  readonly keep: { readonly messages: number; readonly calls: number; readonly fileBytes: number };
}

export type WorkspaceOptions = Partial<Settings>;

/** Fills in what the caller left out. */
export function resolveSettings(options: WorkspaceOptions): Settings {
  const defaults: Settings = {
    now: Date.now,
    port: 0,
    teamId: "T0VAULT01",
    teamDomain: "fjordlight",
    timeZone: "Europe/Oslo",
    appId: "A0USAGE01",
    botId: "B0USAGE01",
    botUserId: "U0USAGEBOT",
    botToken: "xoxb-local-workspace",
    appToken: "xapp-local-workspace",
    signingSecret: "local-signing-secret",
    verificationToken: "local-verification-token",
    scopes: manifestScopes,
    ...defaultDirectory("U0USAGEBOT"),
    paidPlan: true,
    commands: ["/usage"],
    shouldEscape: true,
    homeTab: true,
    socketMode: true,
    requestUrl: undefined,
    ackTimeout: 3000,
    fileDelay: 300,
    newBlocks: [],
    rateLimit: undefined,
    keep: { messages: 500, calls: 1000, fileBytes: 100_000_000 },
  };
  return { ...defaults, ...options };
}
