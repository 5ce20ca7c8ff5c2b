import type { Channel } from "./channel.ts";

export function createEmailChannel(_deps: object): Channel {
  throw new Error("under way");
}
