import { setTimeout as sleep } from "node:timers/promises";
import { isObject } from "../blocks/walk.ts";
import type { Ack, Delivery, Json } from "../types.ts";
import type { World } from "../world.ts";
import { post, signature } from "./post.ts";

/** How to send: what a test may get wrong on purpose, and which repetition of an event it is. */
export interface DeliverOptions {
  readonly signingSecret?: string;
  /** Seconds since the epoch. */
  readonly timestamp?: number;
  readonly retry?: { readonly num: number; readonly reason: string };
}

/** What is sent; over HTTP a command is a form, an interaction a form with one field, an event JSON. */
export type Outgoing = Pick<Delivery, "kind" | "payload">;

const envelopeTypes = { command: "slash_commands", interactive: "interactive", event: "events_api" } as const;

/** Sends to the request URL if there is one, else over Socket Mode, and measures the acknowledgement. */
export async function deliver(
  world: World,
  requestUrl: string | undefined,
  outgoing: Outgoing,
  options: DeliverOptions = {},
): Promise<Ack> {
  const start = performance.now();
  const enough = new AbortController();
  const outcome = requestUrl === undefined ? overSocket(world, outgoing, options) : overHttp();
  const timeout = sleep(world.settings.ackTimeout, "timeout" as const, { signal: enough.signal });
  const first = await Promise.race([outcome, timeout.catch(() => "timeout" as const)]);
  const ms = performance.now() - start;
  enough.abort();
  if (first === "timeout") return { ms, status: 0, body: undefined, error: "operation_timeout" };
  return { ms, ...first };

  async function overHttp(): Promise<Omit<Ack, "ms">> {
    const { type, body } = encode(outgoing);
    // The app compares with its own clock, so the workspace's must not be used.
    const { signingSecret = world.settings.signingSecret, timestamp = Math.floor(Date.now() / 1000) } =
      options;
    const headers = { "content-type": type, ...signature(signingSecret, timestamp, body) };
    const answer = await post(
      requestUrl ?? "",
      body,
      { ...headers, ...retryHeaders(options) },
      enough.signal,
    );
    const isJson = answer.type.startsWith("application/json");
    const parsed: unknown = isJson && answer.text !== "" ? JSON.parse(answer.text) : answer.text;
    const failed = answer.status === 200 ? {} : { error: "dispatch_failed" };
    return { status: answer.status, body: parsed === "" ? undefined : parsed, ...failed };
  }
}

async function overSocket(
  world: World,
  { kind, payload }: Outgoing,
  { retry }: DeliverOptions,
): Promise<Omit<Ack, "ms">> {
  const more =
    kind === "event"
      ? {
          accepts_response_payload: false,
          retry_attempt: retry?.num ?? 0,
          retry_reason: retry?.reason ?? "",
        }
      : { accepts_response_payload: true };
  const acknowledged = world.sockets.send(envelopeTypes[kind], payload, more);
  if (acknowledged === undefined) return { status: 0, body: undefined, error: "dispatch_failed" };
  const body = await acknowledged;
  const isEmpty = isObject(body) && Object.keys(body).length === 0;
  return { status: 200, body: isEmpty ? undefined : body };
}

function encode({ kind, payload }: Outgoing): { type: string; body: string } {
  if (kind === "event") return { type: "application/json", body: JSON.stringify(payload) };
  const fields = kind === "command" ? payload : { payload: JSON.stringify(payload) };
  const form = new URLSearchParams(Object.entries(fields).map(([key, value]) => [key, String(value)]));
  return { type: "application/x-www-form-urlencoded", body: form.toString() };
}

function retryHeaders({ retry }: DeliverOptions): Record<string, string> {
  if (retry === undefined) return {};
  return { "x-slack-retry-num": String(retry.num), "x-slack-retry-reason": retry.reason };
}

/** Fields that every interaction carries. */
export function interactionBase({ settings, directory }: World, userId: string): Json {
  const { teamId, teamDomain, appId, verificationToken } = settings;
  const name = directory.user(userId)?.name ?? userId;
  return {
    team: { id: teamId, domain: teamDomain },
    user: { id: userId, username: name, name, team_id: teamId },
    api_app_id: appId,
    token: verificationToken,
    enterprise: null,
    is_enterprise_install: false,
  };
}
