import type {
  ActionsBlock,
  Button,
  ConfirmationDialog,
  Overflow,
  PlainTextOption,
  StaticSelect,
} from "@slack/types";
import { clip, limits, plainText } from "./limits.ts";

/** What a person is asked before a click counts. */
export interface Question {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly isDanger?: boolean;
}

function confirmation({ title, text, yes, isDanger }: Question): ConfirmationDialog {
  return {
    title: plainText(title, 100),
    text: plainText(text, 300),
    confirm: plainText(yes, 30),
    deny: plainText("Cancel", 30),
    ...(isDanger ? { style: "danger" } : {}),
  };
}

/** A button that tells the app its `value`; undefined where that would be too long to be told. */
export function button(
  id: string,
  text: string,
  value: string,
  more: {
    readonly style?: "primary" | "danger";
    readonly spoken?: string;
    readonly asks?: Question;
  } = {},
): Button | undefined {
  if (value.length > limits.buttonValue) return undefined;
  return {
    type: "button",
    action_id: id,
    text: plainText(text, limits.option),
    value,
    ...(more.style === undefined ? {} : { style: more.style }),
    ...(more.asks === undefined ? {} : { confirm: confirmation(more.asks) }),
    ...(more.spoken === undefined ? {} : { accessibility_label: clip(more.spoken, limits.option) }),
  };
}

/** A menu of at most 100 choices; undefined where none is left. A choice whose value is too long is left out. */
export function menu(
  id: string,
  placeholder: string,
  choices: readonly { readonly label: string; readonly value: string }[],
  chosen?: string,
): StaticSelect | undefined {
  const options = choices
    .filter(({ value }) => value !== "" && value.length <= limits.option)
    .slice(0, limits.options)
    .map(({ label, value }): PlainTextOption => ({ text: plainText(label, limits.option), value }));
  if (options.length === 0) return undefined;
  const initial = options.find(({ value }) => value === chosen);
  return {
    type: "static_select",
    action_id: id,
    placeholder: plainText(placeholder, 150),
    options,
    ...(initial ? { initial_option: initial } : {}),
  };
}

/** The three dots, behind which at most five further things can be done. */
export function overflow(
  id: string,
  choices: readonly { readonly label: string; readonly value: string }[],
): Overflow | undefined {
  const options = choices
    .filter(({ value }) => value.length <= limits.option)
    .map(({ label, value }): PlainTextOption => ({ text: plainText(label, limits.option), value }));
  return options.length === 0
    ? undefined
    : { type: "overflow", action_id: id, options: options.slice(0, limits.overflow) };
}

/** Controls in a row; none where nothing is left to control, or where `blockId` is too long to come back. */
export function controlsBlock(
  blockId: string,
  elements: readonly (Button | Overflow | StaticSelect | undefined)[],
): ActionsBlock[] {
  const there = elements.filter((element) => element !== undefined).slice(0, limits.controls);
  if (there.length === 0 || blockId.length > limits.blockId) return [];
  return [{ type: "actions", block_id: blockId, elements: there }];
}
