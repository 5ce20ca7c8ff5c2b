import type { KnownBlock } from "@slack/types";

/** A message for Slack: `text` is all of it for a screen reader and a notification, `blocks` what is seen. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}
