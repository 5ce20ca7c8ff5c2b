import { offeredOptions } from "./blocks/menus.ts";
import type { Option } from "./blocks/option.ts";
import { type Interactive, interactives } from "./blocks/walk.ts";
import { ActingError } from "./errors.ts";
import type { Json, StateValues } from "./types.ts";

/**
 * What a person picks or types: an option's value, a user id, a date, some text; several for a multi-select; for a file
 * input the ids of files that the person has uploaded. An empty text takes away what was there.
 */
export type Choice = string | readonly string[];

interface ElementState {
  /** What the element holds before anybody touched it. */
  initial(element: Json): Json;
  /** What it holds after this choice. Throws ActingError for what is not offered. */
  chosen(element: Json, choice: Choice): Json;
}

function one(choice: Choice): string {
  if (typeof choice === "string") return choice;
  throw new ActingError("this element takes one choice, not a list");
}

function many(choice: Choice): readonly string[] {
  return typeof choice === "string" ? [choice] : choice;
}

function optionOf(element: Json, value: string): Option {
  const offered = offeredOptions(element);
  const option = offered.find((each) => each.value === value);
  if (option !== undefined) return option;
  const values = offered.map((each) => each.value).join(", ");
  throw new ActingError(`there is no option "${value}"; there is: ${values}`);
}

const option: ElementState = {
  initial: (element) => ({ selected_option: element.initial_option ?? null }),
  chosen: (element, choice) => ({
    selected_option: choice === "" ? null : optionOf(element, one(choice)),
  }),
};
const options: ElementState = {
  initial: (element) => ({ selected_options: element.initial_options ?? [] }),
  chosen: (element, choice) => ({
    selected_options: many(choice).map((value) => optionOf(element, value)),
  }),
};
const single = (field: string, initial: string): ElementState => ({
  initial: (element) => ({ [field]: element[initial] ?? null }),
  chosen: (_, choice) => ({ [field]: one(choice) || null }),
});
const several = (field: string, initial: string): ElementState => ({
  initial: (element) => ({ [field]: element[initial] ?? [] }),
  chosen: (_, choice) => ({ [field]: many(choice) }),
});
const typed = single("value", "initial_value");

/** Elements that hold something; buttons and overflow menus do not. */
export const elementStates: Readonly<Record<string, ElementState>> = {
  static_select: option,
  radio_buttons: option,
  checkboxes: options,
  multi_static_select: options,
  users_select: single("selected_user", "initial_user"),
  conversations_select: single("selected_conversation", "initial_conversation"),
  channels_select: single("selected_channel", "initial_channel"),
  multi_users_select: several("selected_users", "initial_users"),
  multi_conversations_select: several("selected_conversations", "initial_conversations"),
  multi_channels_select: several("selected_channels", "initial_channels"),
  datepicker: single("selected_date", "initial_date"),
  timepicker: single("selected_time", "initial_time"),
  datetimepicker: {
    initial: (element) => ({ selected_date_time: element.initial_date_time ?? null }),
    chosen: (_, choice) => ({ selected_date_time: choice === "" ? null : Number(one(choice)) }),
  },
  plain_text_input: typed,
  email_text_input: typed,
  url_text_input: typed,
  number_input: typed,
  // Kept as ids, because a file is not ready at once; payloads show the files.
  file_input: {
    initial: () => ({ files: [] }),
    chosen: (_, choice) => ({ files: many(choice).filter((id) => id !== "") }),
  },
};

/** The state of freshly shown blocks. */
export function initialState(blocks: readonly Json[]): StateValues {
  return interactives(blocks).reduce<StateValues>((values, found) => {
    const state = elementStates[found.type]?.initial(found.element);
    return state === undefined ? values : withValue(values, found, state);
  }, {});
}

/** The state after one element changed. */
export function withValue(values: StateValues, found: Interactive, state: Json): StateValues {
  const { type, blockId, actionId } = found;
  return { ...values, [blockId]: { ...values[blockId], [actionId]: { type, ...state } } };
}

/** What a choice makes of an element: overflow menus choose without keeping it. */
export function chosenState({ element, type }: Interactive, choice: Choice): Json {
  if (type === "overflow") return option.chosen(element, choice);
  const state = elementStates[type];
  if (state === undefined) throw new ActingError(`a ${type} takes no choice`);
  return state.chosen(element, choice);
}
