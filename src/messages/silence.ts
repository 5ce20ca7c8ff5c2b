import { contextBlock, escapeText, fromOutside, headerBlock, sectionBlock } from "./limits.ts";
import type { SlackMessage } from "./message.ts";

const LONGEST = 500;
const TITLE = "Usage data may be missing";
const HINT =
  "Reports say how far the data of each vault reaches, and /usage status says more. You are told once a day while it lasts.";

/** Tells an admin of sources that are silent; of a vault that cannot be reached also why. */
export function buildSilence(warnings: readonly string[]): SlackMessage {
  const lines = warnings.map((warning) => fromOutside(warning, LONGEST));
  return {
    text: escapeText([TITLE, ...lines, HINT].join("\n")),
    blocks: [headerBlock(TITLE), ...lines.map((line) => sectionBlock(`⚠ ${line}`)), contextBlock(HINT, 300)],
  };
}
