import type { IncomingMessage, ServerResponse } from "node:http";
import type { Workspace } from "../workspace/index.ts";
import type { Scene } from "./scene.ts";

/** Milliseconds in which changes are told together. */
const PAUSE = 15;

/** Tells what somebody sees, now and after every change, as server-sent events until they leave. */
export function streamScene(
  workspace: Workspace,
  look: () => Scene,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const first = look();
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const tell = (scene: Scene): void => void response.write(`data: ${JSON.stringify(scene)}\n\n`);
  let pause: NodeJS.Timeout | undefined;
  const stop = workspace.on("change", () => {
    pause ??= setTimeout(() => {
      pause = undefined;
      tell(look());
    }, PAUSE);
  });
  request.on("close", () => {
    stop();
    clearTimeout(pause);
  });
  tell(first);
}
