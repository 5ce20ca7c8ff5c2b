import type { IncomingMessage } from "node:http";
import { parseArgs } from "./body.ts";
import { SlackError } from "./errors.ts";
import { methods } from "./methods/index.ts";
import { requireScope } from "./methods/method.ts";
import type { Fault, Json } from "./types.ts";
import type { World } from "./world.ts";

/** What goes back over HTTP; `hang` and `reset` are what they say. */
export type Reply =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body: Json | string }
  | "hang"
  | "reset";

/** Runs work under the faults that were switched on for it, and writes the call down. */
export async function answer(
  world: World,
  method: string,
  args: () => Promise<Json>,
  work: (args: Json) => Json | Promise<Json>,
): Promise<Reply> {
  const fault = world.faults.take(method);
  let shown: Json = {};
  let response: Json;
  try {
    if (fault !== undefined && "error" in fault && fault.after !== true) throw new SlackError(fault.error);
    const given = await args();
    shown = Object.fromEntries(Object.entries(given).filter(([key]) => key !== "token"));
    response =
      fault === undefined || fault.after === true ? { ok: true, ...(await work(given)) } : { ok: false };
    if (fault !== undefined && "error" in fault) throw new SlackError(fault.error);
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    response = { ok: false, error: error.code, ...error.details };
  }
  const reply = fault === undefined || "error" in fault ? regular(response) : broken(fault);
  const status = typeof reply === "string" ? 0 : reply.status;
  const faultName = fault === undefined || "error" in fault ? undefined : JSON.stringify(fault);
  const error = faultName ?? response.error;
  world.calls.push({
    at: world.settings.now(),
    method,
    args: shown,
    ok: status === 200 && response.ok === true,
    status,
    response,
    ...(error === undefined ? {} : { error: String(error) }),
  });
  return reply;
}

function regular(response: Json): Reply {
  if (response.error !== "ratelimited") return { status: 200, body: response };
  const { retry_after: seconds = 1, ...body } = response;
  return { status: 429, headers: { "retry-after": String(seconds) }, body };
}

function broken(fault: Exclude<Fault, { error: string }>): Reply {
  if ("hang" in fault) return "hang";
  if ("reset" in fault) return "reset";
  if ("retryAfter" in fault)
    return regular({ ok: false, error: "ratelimited", retry_after: fault.retryAfter });
  return { status: fault.status, body: "upstream error" };
}

/** A call of the Web API. */
export async function callMethod(
  world: World,
  name: string,
  request: IncomingMessage,
  body: Buffer,
): Promise<Reply> {
  const scopes = methods[name]?.scopes ?? [];
  const reply = await answer(
    world,
    name,
    () => parseArgs(request, body),
    (args) => runMethod(world, name, request, args),
  );
  if (typeof reply === "string") return reply;
  const headers = {
    ...reply.headers,
    "x-oauth-scopes": world.settings.scopes.join(","),
    "x-accepted-oauth-scopes": scopes.join(","),
  };
  return { ...reply, headers };
}

function runMethod(world: World, name: string, request: IncomingMessage, given: Json): Json {
  const method = methods[name];
  if (method === undefined) throw new SlackError("unknown_method", { req_method: name });
  const { token: inBody, team_id: team, ...args } = given;
  const inHeader = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  const token = inHeader ?? inBody;
  const { settings } = world;
  if (token === undefined || token === "") throw new SlackError("not_authed");
  if (token !== settings.botToken && token !== settings.appToken) throw new SlackError("invalid_auth");
  if ((token === settings.appToken) !== (method.token === "app"))
    throw new SlackError("not_allowed_token_type");
  if (team !== undefined && team !== settings.teamId) throw new SlackError("team_access_not_granted");
  requireScope(world, method.scopes);
  return method.run(world, args);
}
