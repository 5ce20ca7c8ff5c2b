import { z } from "zod";
import { confirm, isOffered, type Option, optionGroup, optionList, plainOption } from "./option.ts";
import { identifier, plainText, text } from "./text.ts";

const common = {
  action_id: identifier,
  confirm: confirm.optional(),
  focus_on_load: z.boolean().optional(),
  placeholder: plainText(150).optional(),
};
const multi = { ...common, max_selected_items: z.int().min(1).optional() };
const id = text(50);
const ids = z.array(id).min(1).optional();
const filter = z
  .strictObject({
    include: z
      .array(z.enum(["im", "mpim", "private", "public"]))
      .min(1)
      .optional(),
    exclude_external_shared_channels: z.boolean().optional(),
    exclude_bot_users: z.boolean().optional(),
  })
  .refine((value) => Object.keys(value).length > 0, { error: "filter must not be empty" })
  .optional();
const fixed = {
  options: optionList(plainOption, 100).optional(),
  option_groups: z.array(optionGroup).min(1).max(100).optional(),
};

interface Offer {
  readonly options?: readonly Option[] | undefined;
  readonly option_groups?: readonly { readonly options: readonly Option[] }[] | undefined;
}

const oneList = (menu: Offer): boolean => (menu.options === undefined) !== (menu.option_groups === undefined);
const oneListError = { error: "exactly one of options and option_groups is required" };

/** All options of a menu, whether grouped or not. */
export function offeredOptions(menu: Offer): readonly Option[] {
  return menu.options ?? menu.option_groups?.flatMap((group) => group.options) ?? [];
}

const staticSelect = z
  .strictObject({
    type: z.literal("static_select"),
    ...common,
    ...fixed,
    initial_option: plainOption.optional(),
  })
  .refine(oneList, oneListError)
  .refine((menu) => !menu.initial_option || isOffered([menu.initial_option], offeredOptions(menu)), {
    error: "initial_option must be one of the options",
  });
const multiStaticSelect = z
  .strictObject({
    type: z.literal("multi_static_select"),
    ...multi,
    ...fixed,
    initial_options: z.array(plainOption).min(1).optional(),
  })
  .refine(oneList, oneListError)
  .refine((menu) => isOffered(menu.initial_options ?? [], offeredOptions(menu)), {
    error: "initial_options must be among the options",
  });
const conversation = {
  default_to_current_conversation: z.boolean().optional(),
  filter,
};
const inView = { response_url_enabled: z.boolean().optional() };

/** Menus with one choice. */
export const selects = {
  static_select: staticSelect,
  users_select: z.strictObject({ type: z.literal("users_select"), ...common, initial_user: id.optional() }),
  conversations_select: z.strictObject({
    type: z.literal("conversations_select"),
    ...common,
    ...conversation,
    ...inView,
    initial_conversation: id.optional(),
  }),
  channels_select: z.strictObject({
    type: z.literal("channels_select"),
    ...common,
    ...inView,
    initial_channel: id.optional(),
  }),
};

/** Menus with several choices. */
export const multiSelects = {
  multi_static_select: multiStaticSelect,
  multi_users_select: z.strictObject({
    type: z.literal("multi_users_select"),
    ...multi,
    initial_users: ids,
  }),
  multi_conversations_select: z.strictObject({
    type: z.literal("multi_conversations_select"),
    ...multi,
    ...conversation,
    initial_conversations: ids,
  }),
  multi_channels_select: z.strictObject({
    type: z.literal("multi_channels_select"),
    ...multi,
    initial_channels: ids,
  }),
};
