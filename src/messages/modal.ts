import type { KnownBlock, ModalView } from "@slack/types";
import { clip, contextBlock, limits, sectionBlock } from "./limits.ts";
import type { SlackMessage } from "./message.ts";

/** The app's modals, by what a submission is told as. */
export const modalIds = {
  answer: "answer",
  dates: "dates",
  verify: "verify",
  schedule: "schedule",
  schedulePreview: "schedule_preview",
} as const;

/** A modal that only shows: a report, or what went wrong. */
export function buildAnswerModal({ blocks }: Pick<SlackMessage, "blocks">): ModalView {
  return { ...modal(modalIds.answer, "Vault usage", blocks), close: plain("Close") };
}

/** Stands there at once, until the answer does. */
export const loadingModal: ModalView = {
  ...modal(modalIds.answer, "Vault usage", [sectionBlock("Counting…")]),
  close: plain("Close"),
};

/** The inputs of the dates modal; block and element have the same name. */
export const dateInputs = { from: "from", to: "to" } as const;

/** Asks for two days, `YYYY-MM-DD`; `note` comes back with the submission. */
export function buildDatesModal(days: { from: string; to: string }, note: string): ModalView {
  const input = (id: "from" | "to", label: string): KnownBlock => ({
    type: "input",
    block_id: dateInputs[id],
    label: plain(label),
    element: { type: "datepicker", action_id: dateInputs[id], initial_date: days[id] },
  });
  return {
    ...modal(modalIds.dates, "Pick dates", [
      input("from", "First day"),
      input("to", "Last day"),
      contextBlock("Both days count.", 100),
    ]),
    submit: plain("Show"),
    close: plain("Cancel"),
    private_metadata: note,
  };
}

/** The inputs of the verify modal. */
export const verifyInputs = { hash: "hash", file: "file" } as const;

/** Asks for a file or its SHA-256; `note` comes back with the submission. */
export function buildVerifyModal(note: string): ModalView {
  return {
    ...modal(modalIds.verify, "Verify a file", [
      sectionBlock("Says which report a file is, by its bytes alone, or that it is none of ours."),
      {
        type: "input",
        block_id: verifyInputs.file,
        optional: true,
        label: plain("File"),
        element: { type: "file_input", action_id: verifyInputs.file, max_files: 1 },
      },
      {
        type: "input",
        block_id: verifyInputs.hash,
        optional: true,
        label: plain("Or its SHA-256"),
        element: {
          type: "plain_text_input",
          action_id: verifyInputs.hash,
          placeholder: plain("64 digits from 0 to f"),
          max_length: 100,
        },
      },
    ]),
    submit: plain("Verify"),
    close: plain("Cancel"),
    private_metadata: note,
  };
}

/** A modal without its buttons. */
export function modal(id: string, title: string, blocks: readonly KnownBlock[]): ModalView {
  return {
    type: "modal",
    callback_id: id,
    title: plain(clip(title, limits.modalTitle)),
    blocks: [...blocks],
  };
}

export function plain(text: string) {
  return { type: "plain_text", text, emoji: false } as const;
}
