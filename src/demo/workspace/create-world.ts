import { createLog } from "./bounded.ts";
import { createDirectory } from "./directory.ts";
import { createFaults } from "./faults.ts";
import { createFiles } from "./files.ts";
import { createTimestamps } from "./ids.ts";
import { createMessages } from "./messages.ts";
import type { Settings } from "./options.ts";
import { fileUrl } from "./render.ts";
import { createResponseUrls } from "./response-urls.ts";
import { createSocketHub } from "./socket.ts";
import { createTriggers } from "./triggers.ts";
import type { Change } from "./types.ts";
import { createViews } from "./views.ts";
import type { World } from "./world.ts";

/** Puts the parts together. `origin` may be asked for once the server listens. */
export function createWorld(
  settings: Settings,
  origin: () => string,
  changed: (change: Change) => void,
): World {
  const { now, keep } = settings;
  return {
    settings,
    origin,
    changed,
    directory: createDirectory(settings),
    messages: createMessages(createTimestamps(now), keep.messages, changed),
    files: createFiles({
      now,
      delay: settings.fileDelay,
      maxBytes: keep.fileBytes,
      urlOf: (id, name) => fileUrl(origin(), id, name),
      changed,
    }),
    views: createViews(changed),
    triggers: createTriggers(now),
    responseUrls: createResponseUrls(now),
    faults: createFaults(settings),
    sockets: createSocketHub({ origin, appId: settings.appId, now }),
    calls: createLog(keep.calls),
    violations: createLog(1000),
    picks: new Map(),
  };
}
