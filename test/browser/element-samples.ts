const plain = (text: string) => ({ type: "plain_text", text });
const option = (text: string, value: string, description?: string) => ({
  text: plain(text),
  value,
  ...(description === undefined ? {} : { description: plain(description) }),
});
const options = [option("One", "1"), option("Two", "2"), option("Three", "3", "the most")];
const confirm = {
  title: plain("Really?"),
  text: plain("It cannot be undone."),
  confirm: plain("Do it"),
  deny: plain("Leave it"),
  style: "danger",
};

/** A message with every element that may stand in one. */
export const messageBlocks = [
  { type: "header", text: plain("All *elements*") },
  {
    type: "section",
    text: { type: "mrkdwn", text: "Some *bold* words for <@U0ADMIN> in <#C0GENERAL>" },
    accessory: { type: "overflow", action_id: "more", options: [option("CSV", "csv"), option("PDF", "pdf")] },
  },
  {
    type: "actions",
    block_id: "buttons",
    elements: [
      { type: "button", action_id: "share", text: plain("Share"), value: "overview", style: "primary" },
      { type: "button", action_id: "delete", text: plain("Delete"), style: "danger", confirm },
      { type: "button", action_id: "docs", text: plain("Docs"), url: "https://example.com/" },
    ],
  },
  {
    type: "actions",
    block_id: "menus",
    elements: [
      { type: "static_select", action_id: "number", placeholder: plain("Number"), options },
      {
        type: "static_select",
        action_id: "grouped",
        placeholder: plain("Grouped"),
        option_groups: [{ label: plain("Some"), options }],
        initial_option: options[0],
      },
      { type: "users_select", action_id: "user", placeholder: plain("Somebody") },
      { type: "channels_select", action_id: "channel", placeholder: plain("Some channel") },
      { type: "conversations_select", action_id: "conversation", placeholder: plain("Some conversation") },
      { type: "datepicker", action_id: "day", placeholder: plain("Some day") },
      { type: "timepicker", action_id: "time", placeholder: plain("Some time") },
      { type: "datetimepicker", action_id: "instant" },
      { type: "radio_buttons", action_id: "radio", options },
      { type: "checkboxes", action_id: "boxes", options },
    ],
  },
  {
    type: "section",
    text: plain("Several"),
    accessory: {
      type: "multi_static_select",
      action_id: "several",
      placeholder: plain("Pick numbers"),
      options,
    },
  },
];

const input = (action_id: string, label: string, element: object, more: object = {}) => ({
  type: "input",
  block_id: `${action_id}-block`,
  label: plain(label),
  element: { action_id, ...element },
  ...more,
});

/** A modal that asks for one of everything. */
export const modal = {
  type: "modal",
  callback_id: "ask",
  title: plain("Ask for all"),
  submit: plain("Save"),
  blocks: [
    input("name", "Name", { type: "plain_text_input", min_length: 2 }, { hint: plain("As you like it") }),
    input("notes", "Notes", { type: "plain_text_input", multiline: true }, { optional: true }),
    input("mail", "E-mail", { type: "email_text_input" }),
    input("site", "Site", { type: "url_text_input" }),
    input("count", "Count", { type: "number_input", is_decimal_allowed: false, min_value: "1" }),
    input("number", "Number", { type: "static_select", options, initial_option: options[1] }),
    input("user", "User", { type: "users_select" }, { optional: true }),
    input("users", "Users", { type: "multi_users_select" }),
    input("where", "Where", { type: "conversations_select", default_to_current_conversation: true }),
    input("day", "Day", { type: "datepicker" }),
    input("time", "Time", { type: "timepicker", initial_time: "09:30" }),
    input("radio", "Radio", { type: "radio_buttons", options }),
    input("boxes", "Boxes", { type: "checkboxes", options }, { optional: true }),
    input("told", "Told", { type: "static_select", options }, { optional: true, dispatch_action: true }),
  ],
};

/** A modal that asks for tables. */
export const filesModal = {
  type: "modal",
  callback_id: "files",
  title: plain("Import"),
  submit: plain("Save"),
  blocks: [
    input(
      "tables",
      "Tables",
      { type: "file_input", filetypes: ["csv", "xlsx"], max_files: 3 },
      { hint: plain("As they come from the vault") },
    ),
    input("logo", "Logo", { type: "file_input", max_files: 1 }, { optional: true }),
  ],
};

/** A small modal that is shown after another. */
export const nextModal = {
  type: "modal",
  title: plain("The next"),
  blocks: [{ type: "section", text: plain("Here we are.") }],
};
