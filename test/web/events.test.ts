import { once } from "node:events";
import { request } from "node:http";
import { expect, it, onTestFinished } from "vitest";
import { parseConfig } from "../../src/config.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { startIntake } from "../../src/intake/index.ts";
import { testEngine } from "../helpers/engine.ts";
import { line } from "../helpers/fill.ts";
import { authorized, limitsWith, NOW, post, TOKEN, until } from "../intake/rig.ts";
import { startPair } from "../slack/pair.ts";

it.each(["http", "socket"] as const)("what is posted stands in the next answer in Slack (%s)", async (by) => {
  const { engine } = await testEngine({}, () => NOW);
  const PORT = String(await freePort());
  const config = parseConfig({ INGEST_TOKENS: `vault:${TOKEN}` });
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const { store } = engine;
  const intake = await startIntake({
    config,
    store,
    clock: () => NOW,
    logger,
    zone: "Europe/Oslo",
    limits: limitsWith(),
  });
  onTestFinished(() => intake.close());
  const pair = await startPair({ engine, by, intake, settings: { PORT } });
  onTestFinished(() => pair.close());
  const url = `http://127.0.0.1:${PORT}/api/events`;

  const posted = await post(`${url}?from=here`, line("e1", "ann", NOW - 60_000, "login"));
  expect(posted).toMatchObject({ status: 200, body: { accepted: 1 } });
  expect((await post(url, "", { authorization: "no" })).status).toBe(401);
  expect((await fetch(url)).status).toBe(405);
  expect((await fetch(`${url}/more`, { method: "POST" })).status).toBe(404);
  const asking = request(url, { method: "POST", headers: { ...authorized, expect: "100-continue" } });
  asking.flushHeaders();
  await once(asking, "continue");
  asking.end(line("e2", "ann", NOW - 30_000));
  const [response] = await once(asking, "response");
  response.resume();
  expect(response.statusCode).toBe(200);

  await until(async () => (await store.daily.findOne({ passwordsAccessed: 1 })) !== null);
  const answer = await pair.ask("/usage overview today");
  for (const told of ["Europe/Oslo", "Login Sessions: 1\n", "Passwords Accessed: 1\n"])
    expect(answer.text).toContain(told);
});
