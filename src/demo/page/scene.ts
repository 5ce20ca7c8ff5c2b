/** A JSON object whose shape is Slack's business. */
export type Json = Readonly<Record<string, unknown>>;

export interface SceneUser {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly kind: "person" | "app" | "slack";
  /** What a person is in the workspace, such as "admin". */
  readonly role: string;
  readonly isDeleted: boolean;
}

export interface SceneBlock extends Json {
  readonly type: string;
  readonly block_id: string;
}

export interface SceneMessage {
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly SceneBlock[];
  readonly files: readonly string[];
  readonly thread?: string;
  readonly isEphemeral: boolean;
  readonly isEdited: boolean;
  /** Another number after every change of the message. */
  readonly version: number;
}

export interface SceneChannel {
  readonly id: string;
  readonly name: string;
  readonly kind: "public" | "private" | "direct" | "app";
  readonly isArchived: boolean;
  readonly memberCount: number;
  readonly messages: readonly SceneMessage[];
}

export interface SceneView {
  readonly id: string;
  readonly type: "modal" | "home";
  readonly hash: string;
  readonly blocks: readonly SceneBlock[];
  readonly state: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly title?: Json;
  readonly submit?: Json;
  readonly close?: Json;
}

export interface SceneFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly kind: string;
  readonly bytes: number;
  readonly url: string;
  readonly altText: string;
  /** Where the page may show it as a picture; its size in pixels, where known, keeps the page from jumping. */
  readonly picture?: { readonly width?: number; readonly height?: number };
}

/** A mail as a list shows it. */
export interface SceneMail {
  readonly id: string;
  /** The sender's name, or else address. */
  readonly from: string;
  readonly subject: string;
  readonly preview: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly attachments: readonly { readonly name: string; readonly bytes: number }[];
  /** Where its body is, if that is HTML, and under `details` the rest. */
  readonly url: string;
}

/** Of somebody who writes or is written to; the name is empty where there is none. */
export interface SceneAddress {
  readonly name: string;
  readonly address: string;
}

/** What else there is to a mail. */
export interface MailDetails {
  readonly from: SceneAddress;
  readonly to: readonly SceneAddress[];
  /** Milliseconds since the epoch. */
  readonly date: number;
  /** The lines of the head, as they came. */
  readonly headers: readonly string[];
  readonly hasHtml: boolean;
  readonly text?: string;
  /** Where one ends such mails; always http or https. */
  readonly unsubscribe?: string;
  /** All but what the HTML itself shows. */
  readonly files: readonly SceneFile[];
}

/** All that one person sees of the workspace. */
export interface Scene {
  readonly workspace: string;
  readonly me: string;
  /** The address of the person's mailbox. */
  readonly address: string;
  readonly appUser: string;
  readonly hasHome: boolean;
  readonly commands: readonly string[];
  /** Lines to try, for the composer to offer. */
  readonly examples: readonly string[];
  readonly users: readonly SceneUser[];
  readonly channels: readonly SceneChannel[];
  /** Public channels the person is not in; menus offer them. */
  readonly otherChannels: readonly { readonly id: string; readonly name: string }[];
  readonly usergroups: readonly { readonly id: string; readonly handle: string }[];
  readonly files: Readonly<Record<string, SceneFile>>;
  /** The newest first. */
  readonly mails: readonly SceneMail[];
  readonly home?: SceneView;
  /** From the bottom of the stack to the one in front. */
  readonly modals: readonly SceneView[];
}

/** What a person chose in an element, as the workspace takes it; an empty text or list is nothing. */
export type Choice = string | readonly string[];

/** What is entered in a view, by `block_id`, a slash and `action_id`. */
export type Answers = Readonly<Record<string, Choice>>;

/** What a person does on the page. */
export type Act = { readonly as: string } & (
  | { readonly act: "line"; readonly channel: string; readonly text: string }
  | {
      readonly act: "click";
      /** A message by channel and time, or a view by its id. */
      readonly target: { readonly channel: string; readonly ts: string } | { readonly view: string };
      readonly block: string;
      readonly action: string;
      readonly choice?: Choice | undefined;
      readonly answers?: Answers | undefined;
    }
  | { readonly act: "submit"; readonly answers: Answers }
  | { readonly act: "close" }
  | { readonly act: "home" }
);

/** What came of it: Slack's error code or sentence, or what a submitted modal has against its inputs by `block_id`. */
export interface Outcome {
  readonly error?: string;
  readonly errors?: Readonly<Record<string, string>>;
}

/** What came of an upload: the file's id, or why there is none. */
export type Uploaded = { readonly id: string } | { readonly error: string };
