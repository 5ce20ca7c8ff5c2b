import type { IncomingMessage, ServerResponse } from "node:http";
import type { Scene } from "./scene.ts";

/** Milliseconds in which changes are told together. */
const PAUSE = 15;

/** Whatever tells of its changes; gives what ends that. */
interface Changing {
  on(event: "change", listener: () => void): () => void;
}

/** Tells what somebody sees, now and after every change, as server-sent events until they leave. */
export function streamScene(
  watched: readonly Changing[],
  look: () => Scene,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const first = look();
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const tell = (scene: Scene): void => void response.write(`data: ${JSON.stringify(scene)}\n\n`);
  let pause: NodeJS.Timeout | undefined;
  const onChange = (): void => {
    pause ??= setTimeout(() => {
      pause = undefined;
      tell(look());
    }, PAUSE);
  };
  const stops = watched.map((each) => each.on("change", onChange));
  request.on("close", () => {
    for (const stop of stops) stop();
    clearTimeout(pause);
  });
  tell(first);
}
