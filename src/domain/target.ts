/** A way to send reports. */
export type ChannelName = "slack" | "email";

/** Where reports are sent. */
export interface Target {
  readonly channel: ChannelName;
  /** A Slack channel's or person's id, or an e-mail address; one spelling for one place. */
  readonly to: string;
  /** What people call it: `#security`, `@ann`, `boss@example.com`. */
  readonly name: string;
}

/** The same for the same place. */
export const targetKey = ({ channel, to }: Pick<Target, "channel" | "to">): string => `${channel}:${to}`;
