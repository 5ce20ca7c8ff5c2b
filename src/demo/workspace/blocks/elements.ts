import { z } from "zod";
import { imageElement } from "./image.ts";
import { fileInput, pickers, textInputs } from "./inputs.ts";
import { multiSelects, selects } from "./menus.ts";
import { confirm, isOffered, optionList, overflowOption, richOption } from "./option.ts";
import { identifier, link, mrkdwn, plainText, text } from "./text.ts";

const button = z.strictObject({
  type: z.literal("button"),
  text: plainText(75),
  action_id: identifier,
  value: text(2000).optional(),
  url: link.optional(),
  style: z.enum(["primary", "danger"]).optional(),
  confirm: confirm.optional(),
  accessibility_label: text(75).optional(),
});

const overflow = z.strictObject({
  type: z.literal("overflow"),
  action_id: identifier,
  options: optionList(overflowOption, 5),
  confirm: confirm.optional(),
});

const choice = {
  action_id: identifier,
  options: optionList(richOption, 10),
  confirm: confirm.optional(),
  focus_on_load: z.boolean().optional(),
};
const checkboxes = z
  .strictObject({
    type: z.literal("checkboxes"),
    ...choice,
    initial_options: z.array(richOption).min(1).optional(),
  })
  .refine((box) => isOffered(box.initial_options ?? [], box.options), {
    error: "initial_options must be among the options",
  });
const radioButtons = z
  .strictObject({ type: z.literal("radio_buttons"), ...choice, initial_option: richOption.optional() })
  .refine((radio) => !radio.initial_option || isOffered([radio.initial_option], radio.options), {
    error: "initial_option must be one of the options",
  });

const pressed = [button, overflow] as const;
const chosen = [checkboxes, radioButtons, ...Object.values(selects)] as const;
const picked = Object.values(pickers);

/** Which elements may stand where, by the kind of block that holds them. */
export const actionsElement = z.discriminatedUnion("type", [...pressed, ...chosen, ...picked]);
export const sectionAccessory = z.discriminatedUnion("type", [
  ...pressed,
  ...chosen,
  ...Object.values(multiSelects),
  pickers.datepicker,
  pickers.timepicker,
  imageElement,
]);
export const inputElement = z.discriminatedUnion("type", [
  ...chosen,
  ...Object.values(multiSelects),
  ...picked,
  ...Object.values(textInputs),
  fileInput,
]);
export const contextElement = z.discriminatedUnion("type", [imageElement, plainText(3000), mrkdwn(3000)]);
