import type { ContextBlock, KnownBlock } from "@slack/types";
import { createCalendar, DEFAULT_ZONE } from "../domain/calendar.ts";
import { formatInstant, formatSize } from "../domain/format.ts";
import { plural } from "../domain/words.ts";
import { button, controlsBlock } from "./elements.ts";
import { clip, contextBlock, escapeText, fromOutside, limits, sectionBlock } from "./limits.ts";
import type { SlackMessage } from "./message.ts";

/** The button that gets a file again carries its id. */
export const FETCH = "fetch";

/** What a message says of a file; `mark` is its id. */
export interface FileFacts {
  readonly mark: string;
  readonly at: Date;
  readonly name: string;
  readonly request: string;
  readonly size: number;
  readonly sha256: string;
  readonly rows: number;
  /** A Slack user id, or somebody at a terminal. */
  readonly who: string;
  readonly isThere: boolean;
}

interface Told {
  readonly title: string;
  readonly files: readonly FileFacts[];
  readonly total: number;
  readonly timeZone?: string | undefined;
}

/** As many as the blocks of a message allow. */
export const MOST_FILES = 15;
const LINE = 250;
/** What a person is called in Slack, told from somebody at a terminal. */
export const SLACK_ID = /^[UW][A-Z0-9]{2,20}$/;

/** Files that were made, each with a button that brings it again. */
export function buildFiles({ title, files, total, timeZone = DEFAULT_ZONE }: Told, now: Date): SlackMessage {
  const calendar = createCalendar(timeZone);
  const shown = files.slice(0, MOST_FILES);
  const lines = shown.map((file) => {
    const facts = [
      formatInstant(file.at, now, calendar),
      file.isThere ? formatSize(file.size) : "removed",
      plural(file.rows, "row"),
      ...(SLACK_ID.test(file.who) ? [] : [`for ${fromOutside(file.who, 40)}`]),
      `SHA-256 ${file.sha256}`,
    ];
    return { file, what: `${fromOutside(file.request, 150)} · ${file.name}`, facts: facts.join(" · ") };
  });
  const more = total > shown.length ? [`The newest ${shown.length} of ${plural(total, "file")}`] : [];
  const blocks: KnownBlock[] = [
    sectionBlock(total === 0 && title === "Files" ? "No files were made yet." : title, LINE),
    ...lines.flatMap(({ file, what, facts }): KnownBlock[] => [
      sectionBlock(what, LINE),
      withMention(contextBlock(facts, LINE), file.who),
      ...(file.isThere
        ? controlsBlock(`file|${file.mark}`, [
            button(FETCH, "Get it again", file.mark, { spoken: `Get it again: ${file.name}` }),
          ])
        : []),
    ]),
    ...more.map((line) => contextBlock(line, LINE)),
  ];
  const text = [title, ...lines.map(({ what, facts }) => `${what}: ${facts}`), ...more].join("\n");
  return { text: escapeText(clip(text, limits.text)), blocks };
}

/** Slack shows people of its own by name. */
function withMention(block: ContextBlock, who: string): ContextBlock {
  if (!SLACK_ID.test(who)) return block;
  return { ...block, elements: [...block.elements, { type: "mrkdwn", text: `for <@${who}>` }] };
}

/** What comes with a file: what it is, and how to prove it later. */
export function fileComment(file: FileFacts): string {
  const facts = `${plural(file.rows, "row")} · ${formatSize(file.size)} · SHA-256 ${file.sha256}`;
  return `${escapeText(file.request)}\n${facts}`;
}
