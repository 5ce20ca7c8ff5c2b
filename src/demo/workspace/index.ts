import { EventEmitter } from "node:events";
import { createWorld } from "./create-world.ts";
import { resolveSettings, type WorkspaceOptions } from "./options.ts";
import { createPeople } from "./people.ts";
import { listen } from "./server.ts";
import { createSights } from "./sights.ts";
import type { Changes } from "./waiting.ts";
import type { Controls, Workspace } from "./workspace.ts";

export type { NewFile } from "./acting/upload.ts";
export { type Interactive, interactives } from "./blocks/walk.ts";
export { messageProblems, viewProblems } from "./check.ts";
export { ActingError } from "./errors.ts";
export { manifestScopes, type NewBlock, type Settings, type WorkspaceOptions } from "./options.ts";
export type * from "./types.ts";
export type { ClickOptions, Workspace } from "./workspace.ts";

/**
 * Starts a stand-in for Slack on the loopback address: the Web API that the app uses, uploads, response URLs, Socket
 * Mode, and people who type commands and click. It is stricter than Slack, never laxer.
 *
 * ```ts
 * const workspace = await createWorkspace();
 * const { botToken, signingSecret, appToken } = workspace.settings;
 * const app = new App({ token: botToken, signingSecret, clientOptions: { slackApiUrl: workspace.apiUrl } });
 * workspace.setRequestUrl(`http://127.0.0.1:${port}/slack/events`); // or Socket Mode with `appToken`
 * const { ms, error } = await workspace.command("U0ADMIN", "C0GENERAL", "/usage overview");
 * const answer = await workspace.waitForMessage((message) => message.ephemeralTo === "U0ADMIN");
 * await workspace.click("U0ADMIN", answer, "period", "last 7 days");
 * expect(workspace.violations).toEqual([]);
 * await workspace.close();
 * ```
 *
 * What each part offers stands in `workspace.ts`: `People` act, `Sights` are read, `Controls` are switched. The people
 * and channels that are there without options stand in `sample.ts`, all settings in `options.ts`. The checks alone,
 * for properties over many messages, are `messageProblems` and `viewProblems`.
 *
 * Stricter than Slack on purpose: `text` is always needed and has 4,000 characters; unknown arguments and properties
 * are refused, and so are blocks newer than the app may rely on; an update of a message with blocks must say `blocks`;
 * an option's value has 75 characters; a table has no blank cell and equal rows; a response URL counts every use; a
 * file that a person uploads is without its type, and not to be downloaded, until the file delay is over.
 */
export async function createWorkspace(options: WorkspaceOptions = {}): Promise<Workspace> {
  const settings = resolveSettings(options);
  const changes: Changes = new EventEmitter();
  changes.setMaxListeners(0);
  let origin = "";
  const world = createWorld(
    settings,
    () => origin,
    (change) => changes.emit("change", change),
  );
  const http = await listen(world);
  origin = http.origin;
  let requestUrl = settings.requestUrl;
  const controls: Controls = {
    setRequestUrl(url) {
      requestUrl = url;
    },
    setFileDelay: world.files.setDelay,
    fail: (method, fault, times = 1) => world.faults.add(method, fault, times),
    clearFaults: world.faults.clear,
    refreshSockets: (reason = "refresh_requested") => world.sockets.refresh(reason),
    async close() {
      await world.sockets.close();
      await http.close();
    },
  };
  return {
    apiUrl: `${origin}/api/`,
    origin,
    settings,
    directory: world.directory,
    ...createPeople(world, () => requestUrl),
    ...createSights(world, changes),
    ...controls,
    get calls() {
      return world.calls.items();
    },
    get violations() {
      return world.violations.items();
    },
    get connections() {
      return world.sockets.connections();
    },
  };
}
