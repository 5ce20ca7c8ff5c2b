import type { Click } from "./acting/click.ts";
import type { DeliverOptions } from "./acting/deliver.ts";
import type { Answers } from "./acting/modal.ts";
import type { NewFile } from "./acting/upload.ts";
import type { Directory } from "./directory.ts";
import type { Settings } from "./options.ts";
import type { Choice } from "./state.ts";
import type { Call, Change, Delivery, Fault, Json, Message, StoredFile, View, Violation } from "./types.ts";

/** A click's further choices: `blockId` where an `action_id` is there more than once. */
export interface ClickOptions extends DeliverOptions, Pick<Click, "blockId"> {}

/** What people do. Each sends the app what Slack would send and gives how it acknowledged, after it did. */
export interface People {
  /** Types a line such as `/usage overview` in a channel the person is in. */
  command(userId: string, channelId: string, line: string, options?: DeliverOptions): Promise<Delivery>;
  /**
   * Clicks a button, or chooses in a menu (by the option's value, a user id, a date), in a message, modal or Home tab.
   * A double click is two calls at once.
   */
  click(
    userId: string,
    target: Message | View,
    actionId: string,
    choice?: Choice,
    options?: ClickOptions,
  ): Promise<Delivery>;
  /** Fills in a modal or Home tab without telling the app, which sees it with the next click or the submission. */
  fill(userId: string, view: View, answers: Answers): View;
  /** Fills in the modal in front and submits it. */
  submitView(userId: string, answers?: Answers, options?: DeliverOptions): Promise<Delivery>;
  /**
   * Uploads a file as the person's own, to be chosen in a file input by its id. It is ready after the file delay.
   * Throws ActingError for an empty one, or one of more than 50 MB.
   */
  upload(userId: string, file: NewFile): StoredFile;
  /** Closes the modal in front; gives a delivery where the app asked to be told. */
  closeView(userId: string, options?: DeliverOptions): Promise<Delivery | undefined>;
  /** Opens the app's Home tab. */
  openHome(userId: string, options?: DeliverOptions): Promise<Delivery>;
  /** Sends any other event. */
  event(event: Json, options?: DeliverOptions): Promise<Delivery>;
  /** Sends exactly the same again, as Slack does with an event that was not acknowledged. */
  redeliver(delivery: Delivery, options?: DeliverOptions): Promise<Delivery>;
  /** Writes a plain message, of which the app is not told. */
  say(userId: string, channelId: string, text: string, threadTs?: string): Message;
}

/** What there is to see. Everything given is a snapshot. */
export interface Sights {
  /** What everybody in the channel sees, oldest first. */
  messages(channelId: string): readonly Message[];
  /** What only this person sees in the channel, oldest first. */
  ephemeral(userId: string, channelId: string): readonly Message[];
  /** All that this person sees in the channel, oldest first. */
  conversation(userId: string, channelId: string): readonly Message[];
  /** The first message that fits, of those there are or of those to come (or to change) within the time. */
  waitForMessage(fits: (message: Message) => boolean, timeout?: number): Promise<Message>;
  /** The same for anything: `find` is asked now and after every change. */
  waitFor<T>(find: () => T | undefined, timeout?: number): Promise<T>;
  /** The conversation between this person and the app. */
  directMessage(userId: string): string;
  files(): readonly StoredFile[];
  file(id: string): StoredFile | undefined;
  /** The modal in front of the person, if any. */
  modal(userId: string): View | undefined;
  modals(userId: string): readonly View[];
  home(userId: string): View | undefined;
  /** The newest calls of the Web API, uploads (`upload`) and response URLs (`response_url`), oldest first. */
  readonly calls: readonly Call[];
  /** What Slack lets pass and a careful app does not do; a test asserts that it is empty. */
  readonly violations: readonly Violation[];
  /** Open Socket Mode connections. */
  readonly connections: number;
  /** Tells on every change; gives how to stop. */
  on(event: "change", listener: (change: Change) => void): () => void;
}

/** What may be switched while it runs. */
export interface Controls {
  /** Where the app listens; undefined sends over Socket Mode. */
  setRequestUrl(url: string | undefined): void;
  /** Milliseconds until a file that is completed from now on is ready. */
  setFileDelay(milliseconds: number): void;
  /** The next calls of a method (or `upload`, `response_url`, `*`) fail so; once if `times` is not said. */
  fail(method: string, fault: Fault, times?: number): void;
  clearFaults(): void;
  /** Makes Socket Mode clients reconnect. */
  refreshSockets(reason?: "refresh_requested" | "warning" | "link_disabled"): void;
  /** Stops listening and cuts all connections, those that a fault left hanging too. */
  close(): Promise<void>;
}

export interface Workspace extends People, Sights, Controls {
  /** For the app's `slackApiUrl`; ends in a slash. */
  readonly apiUrl: string;
  readonly origin: string;
  /** Tokens, secrets and ids that the app is to be started with. */
  readonly settings: Settings;
  readonly directory: Directory;
}
