import type { WebClient } from "@slack/web-api";
import { expect, it } from "vitest";
import { z } from "zod";
import { runCommand } from "../../src/commands/index.ts";
import { buildManifest, manifestCommand, scopes } from "../../src/commands/manifest.ts";
import { manifestScopes } from "../../src/demo/workspace/options.ts";
import { UsageError } from "../../src/errors.ts";
import { testEngine } from "../helpers/engine.ts";

/** What Slack's own client takes for a manifest; a field of another name does not compile. */
type SlackManifest = NonNullable<Parameters<WebClient["apps"]["manifest"]["validate"]>[0]>["manifest"];
const url = "https://usage.example.com/slack/events";
const manifests: readonly SlackManifest[] = [buildManifest(undefined), buildManifest(url)];

const https = z.string().regex(/^https:\/\//);
/** The documented fields, https://docs.slack.dev/reference/app-manifest, with their limits; no others. */
const documented = z.strictObject({
  display_information: z.strictObject({ name: z.string().min(1).max(35), description: z.string().max(140) }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({ display_name: z.string().max(80), always_online: z.boolean() }),
    slash_commands: z
      .array(
        z.strictObject({
          command: z.string().startsWith("/").max(32),
          url: https.optional(),
          description: z.string().max(2_000),
          usage_hint: z.string().max(1_000),
          should_escape: z.literal(true),
        }),
      )
      .max(50),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()).max(255) }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({
      request_url: https.optional(),
      bot_events: z.array(z.string()).max(100),
    }),
    interactivity: z.strictObject({ is_enabled: z.literal(true), request_url: https.optional() }),
    org_deploy_enabled: z.literal(false),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.literal(false),
  }),
});

it("has the documented fields, and the scopes that the app is tried with", () => {
  for (const manifest of manifests) expect(() => documented.parse(manifest)).not.toThrow();
  expect(Object.keys(scopes).sort()).toEqual([...manifestScopes].sort());
});

it("is reached at an address, or by Socket Mode", async () => {
  const [socket, http] = manifests;
  expect(JSON.stringify(socket)).not.toContain("url");
  expect([socket?.settings?.socket_mode_enabled, http?.settings?.socket_mode_enabled]).toEqual([true, false]);
  expect(JSON.stringify(http).split(url)).toHaveLength(4);
  const { deps } = await testEngine();
  for (const typed of ["https://usage.example.com", "https://usage.example.com/", url]) {
    expect(await runCommand(["manifest", typed], deps)).toMatchObject({ data: http });
  }
  const reply = await runCommand(["manifest"], deps);
  if (reply.type !== "text") throw new Error("a manifest is a text");
  const [printed = "", link = ""] = reply.text.split("\n\n");
  expect([JSON.parse(printed), reply.data]).toEqual([socket, socket]);
  const { origin, pathname, searchParams } = new URL(link);
  expect([`${origin}${pathname}`, searchParams.get("new_app")]).toEqual(["https://api.slack.com/apps", "1"]);
  expect(JSON.parse(searchParams.get("manifest_json") ?? "")).toEqual(socket);
});

it.each([
  [["http://usage.example.com"]],
  [["usage.example.com"]],
  [["https://"]],
  [["https://me:secret@usage.example.com"]],
  [["https://usage.example.com/?a=b"]],
  [["https://a.example", "https://b.example"]],
])("%j is no address", async (words) => {
  const asked = manifestCommand.run(words, { front: "terminal" } as never, {});
  await expect(asked).rejects.toThrow(/right would be the https address/);
  await expect(asked).rejects.toBeInstanceOf(UsageError);
});
