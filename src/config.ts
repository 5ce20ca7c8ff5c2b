import { existsSync } from "node:fs";
import { loadEnvFile } from "node:process";
import { z } from "zod";
import { timeZoneOf } from "./domain/calendar.ts";
import { type Endpoint, parseEndpoint, parseSubnet, type Subnet } from "./domain/network.ts";
import { ConfigError } from "./errors.ts";

const text = z.string().trim();
const days = z
  .string()
  .regex(/^\d{1,4}$/, "a whole number of days")
  .transform(Number)
  .pipe(z.number().min(1, "1 to 3660 days").max(3660, "1 to 3660 days"));

const megabytes = z
  .string()
  .regex(/^\d{1,4}$/, "a whole number of megabytes")
  .transform(Number)
  .pipe(z.number().min(1, "1 to 1000 megabytes").max(1_000, "1 to 1000 megabytes"));

const secret = text.min(16, "what the vault gave out for it, of at least 16 characters");

/** An address that a secret may be sent to: encrypted, or on this machine. */
const vaultUrl = z
  .url({ protocol: /^https?$/, error: "a URL such as https://vault.example.com" })
  .refine(
    (url) => /^(https:|http:\/\/(localhost|127\.0\.0\.1|\[::1\])([:/]|$))/.test(url),
    "an address that begins with https://",
  );

const timeZone = text
  .refine((name) => timeZoneOf(name) !== undefined, "an IANA time zone such as Europe/Oslo")
  .transform((name) => timeZoneOf(name) ?? name);

const endpoint = text
  .refine((value) => parseEndpoint(value) !== undefined, "a port, or an address and a port: 0.0.0.0:6514")
  .transform((value) => parseEndpoint(value) as Endpoint);

const file = text.min(1, "the path of a file in PEM");
const entries = (list: string): string[] => list.split(/[\s,]+/).filter((entry) => entry !== "");

/** The name of a sender, and a token of the characters that a header `Authorization: Bearer` may have. */
const sender = /^[A-Za-z0-9][\w.-]{0,39}:[\w.~+/-]{32,512}=*$/;
const SENDERS =
  "names and tokens such as hr:TOKEN, with commas between; a token has at least 32 characters that nobody can guess";

function readSender(entry: string): { readonly name: string; readonly token: string } {
  const colon = entry.indexOf(":");
  return { name: entry.slice(0, colon), token: entry.slice(colon + 1) };
}

/** Every setting: its check, in whose message stands what would be right. `.env.example` explains each. */
export const settings = {
  DATA_DIR: text.min(1, "a folder").default("data"),
  MONGODB_URI: text.regex(/^mongodb(\+srv)?:\/\/\S+$/, "mongodb://… or mongodb+srv://…").optional(),
  REPORT_TIMEZONE: timeZone.optional(),
  ACTIVE_DAYS: days.default(30),
  INACTIVE_DAYS: days.default(45),
  COLLECT_MINUTES: z
    .string()
    .regex(/^\d{1,4}$/, "a whole number of minutes")
    .transform(Number)
    .pipe(z.number().min(1, "1 to 1440 minutes").max(1_440, "1 to 1440 minutes"))
    .default(5),
  COLLECT_SINCE: text
    .refine(
      (day) => /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)),
      "a day such as 2026-01-01",
    )
    .optional(),
  COLLECT_BITWARDEN_CLIENT_ID: text
    .regex(
      /^organization\.\S+$/,
      "the client_id of an organization's API key, which begins with organization.",
    )
    .optional(),
  COLLECT_BITWARDEN_CLIENT_SECRET: secret.optional(),
  COLLECT_BITWARDEN_URL: vaultUrl.default("https://vault.bitwarden.com"),
  COLLECT_ONEPASSWORD_TOKEN: secret.optional(),
  COLLECT_ONEPASSWORD_URL: vaultUrl.default("https://events.1password.com"),
  COLLECT_KEEPER_TOKEN: secret.optional(),
  COLLECT_KEEPER_URL: vaultUrl.default("https://keepersecurity.com"),
  SLACK_BOT_TOKEN: text.regex(/^xoxb-\S+$/, "a bot token, which begins with xoxb-").optional(),
  SLACK_SIGNING_SECRET: text.min(16, "the signing secret of the Slack app").optional(),
  SLACK_APP_TOKEN: text.regex(/^xapp-\S+$/, "an app-level token, which begins with xapp-").optional(),
  SLACK_API_URL: z.url({ protocol: /^https?$/, error: "a URL such as https://slack.com/api/" }).optional(),
  ADMINS: text
    .transform(entries)
    .refine(
      (list) => list.every((entry) => /^([UW][A-Z0-9]{2,}|@[\w.-]+|[^@\s]+@[^@\s]+)$/.test(entry)),
      "Slack ids (U012AB3CD), e-mails or @usergroup handles, with commas between",
    )
    .optional(),
  MASK_NAMES_IN_CHANNELS: z
    .enum(["true", "false"], "true or false")
    .default("false")
    .transform((value) => value === "true"),
  PAPER: z.enum(["A4", "Letter"], "A4 or Letter").default("A4"),
  ARCHIVE_DAYS: days.default(400),
  MAX_FILE_MB: megabytes.default(50),
  SMTP_URL: text
    .regex(/^smtps?:\/\/\S+$/, "smtp://… or smtps://…, with user and password where the server wants them")
    .refine((url) => URL.canParse(url), "an address such as smtp://user:password@mail.example.com:587")
    .optional(),
  MAIL_FROM: text
    .regex(
      /^([^<>"\r\n]{1,100} <[^\s@<>]+@[^\s@<>]+>|[^\s@<>]+@[^\s@<>]+)$/,
      "an address such as Vault Usage <usage@example.com>",
    )
    .optional(),
  MAIL_ALLOWED_DOMAINS: text
    .transform((list) => entries(list.toLowerCase()))
    .refine(
      (list) => list.every((entry) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(entry)),
      "domains such as example.com, with commas between",
    )
    .optional(),
  MAX_MAIL_MB: megabytes.default(10),
  CATCH_UP_HOURS: z
    .string()
    .regex(/^\d{1,4}$/, "a whole number of hours")
    .transform(Number)
    .pipe(z.number().max(8_784, "0 to 8784 hours"))
    .default(24),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: "a URL such as https://usage.example.com" }).optional(),
  LINK_SECRET: text.min(32, "at least 32 characters that nobody can guess").optional(),
  INGEST_TOKENS: text
    .transform(entries)
    .refine((list) => list.every((entry) => sender.test(entry)), SENDERS)
    .transform((list) => list.map(readSender))
    .refine((list) => new Set(list.map(({ token }) => token)).size === list.length, "a token for each sender")
    .optional(),
  SYSLOG_TCP: endpoint.optional(),
  SYSLOG_TLS: endpoint.optional(),
  SYSLOG_UDP: endpoint.optional(),
  SYSLOG_TLS_CERT: file.optional(),
  SYSLOG_TLS_KEY: file.optional(),
  SYSLOG_TLS_CA: file.optional(),
  SYSLOG_ALLOW: text
    .transform(entries)
    .refine(
      (list) => list.every((entry) => parseSubnet(entry) !== undefined),
      "addresses such as 10.1.2.3 or 10.0.0.0/8, with commas between",
    )
    .transform((list) => list.map((entry) => parseSubnet(entry) as Subnet))
    .optional(),
  SYSLOG_TIMEZONE: timeZone.optional(),
  HOST: text.min(1, "an address to listen on").default("127.0.0.1"),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, "a port from 0 to 65535")
    .transform(Number)
    .pipe(z.number().max(65_535, "a port from 0 to 65535"))
    .default(3000),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"], "debug, info, warn, error or silent")
    .default("info"),
} as const;

export type SettingName = keyof typeof settings;

const schema = z.object(settings);
export type Config = Readonly<z.infer<typeof schema>>;

/**
 * The settings of an environment; an empty value counts as not set.
 * @throws ConfigError naming each wrong setting and what would be right, in one line
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.keys(settings).flatMap((name) => {
      const value = environment[name]?.trim();
      return value ? [[name, value]] : [];
    }),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${String(issue.path[0])} has to be ${issue.message}`);
    throw new ConfigError([...new Set(faults)].join("; "));
  }
  if (parsed.data.INACTIVE_DAYS < parsed.data.ACTIVE_DAYS) {
    throw new ConfigError("INACTIVE_DAYS has to be at least ACTIVE_DAYS");
  }
  if (parsed.data.PUBLIC_URL !== undefined && parsed.data.LINK_SECRET === undefined) {
    throw new ConfigError("LINK_SECRET has to be set beside PUBLIC_URL: it signs the links to files");
  }
  const { COLLECT_BITWARDEN_CLIENT_ID: id, COLLECT_BITWARDEN_CLIENT_SECRET: key } = parsed.data;
  if ((id === undefined) !== (key === undefined)) {
    throw new ConfigError(
      "COLLECT_BITWARDEN_CLIENT_ID and COLLECT_BITWARDEN_CLIENT_SECRET have to be set together",
    );
  }
  const { SMTP_URL, MAIL_FROM, MAIL_ALLOWED_DOMAINS } = parsed.data;
  if (SMTP_URL !== undefined && (MAIL_FROM === undefined || MAIL_ALLOWED_DOMAINS === undefined)) {
    throw new ConfigError(
      "MAIL_FROM and MAIL_ALLOWED_DOMAINS have to be set beside SMTP_URL: who writes, and to which domains",
    );
  }
  const { SYSLOG_TLS, SYSLOG_TLS_CERT, SYSLOG_TLS_KEY } = parsed.data;
  if (SYSLOG_TLS !== undefined && (SYSLOG_TLS_CERT === undefined || SYSLOG_TLS_KEY === undefined)) {
    throw new ConfigError("SYSLOG_TLS_CERT and SYSLOG_TLS_KEY have to be set beside SYSLOG_TLS");
  }
  return Object.freeze(parsed.data);
}

/** The settings of this process, with those of a file `.env` in the working folder where the process has none. */
export function loadConfig(): Config {
  if (existsSync(".env")) loadEnvFile(".env");
  return parseConfig(process.env);
}
