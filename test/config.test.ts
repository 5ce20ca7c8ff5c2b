import { readFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { parseConfig, settings } from "../src/config.ts";

const long = "a-token-of-thirty-two-characters-or-more";

describe("settings", () => {
  it("name those who may send, and where they are heard", () => {
    const more = { SYSLOG_UDP: "[::1]:514", SYSLOG_ALLOW: "10.0.0.0/8,::1" };
    expect(parseConfig({ INGEST_TOKENS: `hr:${long} hr:${long}2`, ...more })).toMatchObject({
      INGEST_TOKENS: [
        { name: "hr", token: long },
        { name: "hr", token: `${long}2` },
      ],
      SYSLOG_UDP: { host: "::1", port: 514 },
      SYSLOG_ALLOW: [
        { address: "10.0.0.0", bits: 8, family: "ipv4" },
        { address: "::1", bits: 128, family: "ipv6" },
      ],
    });
  });

  it("have defaults for everything", () => {
    expect(parseConfig({})).toMatchObject({
      DATA_DIR: "data",

      ACTIVE_DAYS: 30,
      INACTIVE_DAYS: 45,
    });
  });

  it.each([
    [{ REPORT_TIMEZONE: "Oslo" }, "REPORT_TIMEZONE has to be an IANA time zone such as Europe/Oslo"],
    [{ ACTIVE_DAYS: "soon" }, "ACTIVE_DAYS has to be a whole number of days"],
    [{ ACTIVE_DAYS: "50" }, "INACTIVE_DAYS has to be at least ACTIVE_DAYS"],
    [{ MONGODB_URI: "localhost" }, "MONGODB_URI has to be mongodb://"],
    [{ PORT: "70000" }, "PORT has to be a port from 0 to 65535"],
    [{ SLACK_BOT_TOKEN: "abc" }, "SLACK_BOT_TOKEN has to be a bot token"],
    [{ ADMINS: "@admins, nobody" }, "ADMINS has to be Slack ids"],
    [{ INGEST_TOKENS: "hr:short" }, "INGEST_TOKENS has to be names and tokens"],
    [{ INGEST_TOKENS: `a:${long}, b:${long}` }, "INGEST_TOKENS has to be a token for each sender"],
    [{ SYSLOG_TCP: "10.0.0.1" }, "SYSLOG_TCP has to be a port, or an address and a port"],
    [{ SYSLOG_TLS: "6514" }, "SYSLOG_TLS_CERT and SYSLOG_TLS_KEY have to be set beside SYSLOG_TLS"],
    [{ SYSLOG_ALLOW: "10.0.0.0/8, everybody" }, "SYSLOG_ALLOW has to be addresses"],
  ])("%j is told in one line", (environment, message) => {
    expect(() => parseConfig(environment)).toThrow(message);
    expect(() => parseConfig(environment)).toThrow(/^[^\n]+$/);
  });

  it("never repeat a secret", () => {
    expect(() => parseConfig({ INGEST_TOKENS: `a:${long}, b:hunter2` })).not.toThrow(/hunter2|a-token/);
    expect(() => parseConfig({ SLACK_BOT_TOKEN: "hunter2" })).not.toThrow(/hunter2/);
  });

  it("stand in .env.example, each with a comment", async () => {
    const text = await readFile(new URL("../.env.example", import.meta.url), "utf8");
    const uncommented = text.replace(/^#\s?([A-Z_]+=)/gm, "$1");
    expect(Object.keys(parseEnv(uncommented)).sort()).toEqual(Object.keys(settings).sort());
    expect(() => parseConfig(parseEnv(text))).not.toThrow();
    for (const paragraph of uncommented.trim().split(/\n\n+/)) expect(paragraph).toMatch(/^# /);
  });
});
