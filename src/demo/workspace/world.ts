import type { Log } from "./bounded.ts";
import type { Directory } from "./directory.ts";
import type { Faults } from "./faults.ts";
import type { FileStore } from "./files.ts";
import type { MessageStore } from "./messages.ts";
import type { Settings } from "./options.ts";
import type { ResponseUrls } from "./response-urls.ts";
import type { SocketHub } from "./socket.ts";
import type { Triggers } from "./triggers.ts";
import type { Call, Change, StateValues, Violation } from "./types.ts";
import type { ViewStore } from "./views.ts";

/** All that the parts of the workspace share; each function takes the narrowest `Pick` of it. */
export interface World {
  readonly settings: Settings;
  /** `http://127.0.0.1:PORT`, known once the server listens. */
  readonly origin: () => string;
  readonly directory: Directory;
  readonly messages: MessageStore;
  readonly files: FileStore;
  readonly views: ViewStore;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly faults: Faults;
  readonly sockets: SocketHub;
  readonly calls: Log<Call>;
  readonly violations: Log<Violation>;
  /** What people have picked in messages, by channel, time and person. */
  readonly picks: Map<string, StateValues>;
  readonly changed: (change: Change) => void;
}
