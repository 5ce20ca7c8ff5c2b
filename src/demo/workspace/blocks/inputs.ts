import { z } from "zod";
import { confirm } from "./option.ts";
import { identifier, plainText, text } from "./text.ts";

const focusable = { action_id: identifier, focus_on_load: z.boolean().optional() };
const picker = { ...focusable, confirm: confirm.optional() };
const typed = {
  ...focusable,
  placeholder: plainText(150).optional(),
  dispatch_action_config: z
    .strictObject({
      trigger_actions_on: z
        .array(z.enum(["on_enter_pressed", "on_character_entered"]))
        .min(1)
        .max(2),
    })
    .optional(),
};
const fileEnding = z.string().regex(/^[a-z0-9]{1,20}$/i, { error: "must be a file extension without a dot" });
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/, { error: "must be a number in a string" });

/** Elements that ask for a day or a time. */
export const pickers = {
  datepicker: z.strictObject({
    type: z.literal("datepicker"),
    ...picker,
    placeholder: plainText(150).optional(),
    initial_date: z.iso.date({ error: "must be a date YYYY-MM-DD" }).optional(),
  }),
  timepicker: z.strictObject({
    type: z.literal("timepicker"),
    ...picker,
    placeholder: plainText(150).optional(),
    initial_time: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: "must be a time HH:mm" })
      .optional(),
    timezone: text(100).optional(),
  }),
  datetimepicker: z.strictObject({
    type: z.literal("datetimepicker"),
    ...picker,
    initial_date_time: z.int().min(1_000_000_000).max(9_999_999_999).optional(),
  }),
};

/** Elements a person types into; only in input blocks. */
export const textInputs = {
  plain_text_input: z
    .strictObject({
      type: z.literal("plain_text_input"),
      ...typed,
      initial_value: text(3000).optional(),
      multiline: z.boolean().optional(),
      min_length: z.int().min(0).max(3000).optional(),
      max_length: z.int().min(1).max(3000).optional(),
    })
    .refine(({ min_length = 0, max_length = 3000 }) => min_length <= max_length, {
      error: "min_length must not be greater than max_length",
    }),
  email_text_input: z.strictObject({
    type: z.literal("email_text_input"),
    ...typed,
    initial_value: text(3000).optional(),
  }),
  url_text_input: z.strictObject({
    type: z.literal("url_text_input"),
    ...typed,
    initial_value: text(3000).optional(),
  }),
  number_input: z.strictObject({
    type: z.literal("number_input"),
    ...typed,
    is_decimal_allowed: z.boolean(),
    initial_value: decimal.optional(),
    min_value: decimal.optional(),
    max_value: decimal.optional(),
  }),
};

/** Takes files of a person; only in input blocks of modals. */
export const fileInput = z.strictObject({
  type: z.literal("file_input"),
  action_id: identifier,
  filetypes: z.array(fileEnding).min(1).optional(),
  max_files: z.int().min(1).max(10).optional(),
});
