import type { KnownBlock, ModalView } from "@slack/types";
import { capital } from "../domain/words.ts";
import { contextBlock, fromOutside, limits, sectionBlock } from "./limits.ts";
import type { SlackMessage } from "./message.ts";
import { modal, modalIds, plain } from "./modal.ts";

/** What a schedule would do, as somebody decides whether to keep it. */
export interface PreviewTold {
  /** What is sent, with its period as of now. */
  readonly title: string;
  readonly size: string;
  readonly when: string;
  readonly next: readonly string[];
  readonly targets: readonly { readonly name: string; readonly why: string; readonly isAllowed: boolean }[];
  readonly extras: string;
}

/** Shows what a schedule would do; where a target is refused, it cannot be saved. */
export function buildPreviewModal(told: PreviewTold, note: string): ModalView {
  const isRefused = told.targets.some(({ isAllowed }) => !isAllowed);
  const lines = told.targets.map(
    ({ name, why, isAllowed }) =>
      `${isAllowed ? "✓" : "✕"} ${fromOutside(name, 80)}: ${fromOutside(why, 200)}`,
  );
  const view = modal(modalIds.schedulePreview, "Preview", [
    part(told.title, [told.size, told.extras]),
    part(capital(told.when), told.next),
    part("Goes to", lines),
    ...(isRefused
      ? [
          sectionBlock(
            "It cannot be saved like this. Go back and choose others, or do what stands there and preview it again.",
            300,
          ),
        ]
      : [contextBlock("Who may get it is checked again each time. Save sets it going.", 200)]),
  ]);
  return {
    ...view,
    close: plain("Back"),
    ...(isRefused ? {} : { submit: plain("Save"), private_metadata: note }),
  };
}

/** Stands there until the preview does, or says why there is none. `externalId` is how it is found again. */
export function buildPreviewNotice({ blocks }: Pick<SlackMessage, "blocks">, externalId?: string): ModalView {
  return {
    ...modal(modalIds.schedulePreview, "Preview", blocks),
    close: plain("Back"),
    ...(externalId === undefined ? {} : { external_id: externalId }),
  };
}

function part(head: string, lines: readonly string[]): KnownBlock {
  const shown = lines
    .filter((line) => line !== "")
    .join("\n")
    .slice(0, limits.run - 10);
  return {
    type: "rich_text",
    elements: [
      {
        type: "rich_text_section",
        elements: [
          { type: "text", text: fromOutside(head, 200), style: { bold: true } },
          ...(shown === "" ? [] : [{ type: "text" as const, text: `\n${shown.toWellFormed()}` }]),
        ],
      },
    ],
  };
}
