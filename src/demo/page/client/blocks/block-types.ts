import type { SceneBlock } from "../../scene.ts";

/** Blocks and elements as the workspace has checked them; of each kind only what the page shows. */
export interface TextObject {
  readonly type: "plain_text" | "mrkdwn";
  readonly text: string;
}

export interface Option {
  readonly text: TextObject;
  readonly value: string;
  readonly description?: TextObject;
  readonly url?: string;
}

export interface Confirm {
  readonly title: TextObject;
  readonly text: TextObject;
  readonly confirm: TextObject;
  readonly deny: TextObject;
  readonly style?: "primary" | "danger";
}

/** Any element with an `action_id`. */
export interface Control {
  readonly type: string;
  readonly action_id: string;
  readonly text?: TextObject;
  readonly accessibility_label?: string;
  readonly style?: "primary" | "danger";
  readonly url?: string;
  readonly confirm?: Confirm;
  readonly placeholder?: TextObject;
  readonly options?: readonly Option[];
  readonly option_groups?: readonly { readonly label: TextObject; readonly options: readonly Option[] }[];
  readonly max_selected_items?: number;
  readonly default_to_current_conversation?: boolean;
  readonly filter?: { readonly include?: readonly string[]; readonly exclude_bot_users?: boolean };
  readonly multiline?: boolean;
  readonly min_length?: number;
  readonly max_length?: number;
  readonly is_decimal_allowed?: boolean;
  readonly min_value?: string;
  readonly max_value?: string;
  readonly filetypes?: readonly string[];
  readonly max_files?: number;
  readonly focus_on_load?: boolean;
  readonly dispatch_action_config?: { readonly trigger_actions_on?: readonly string[] };
}

export interface Picture {
  readonly type: "image";
  readonly alt_text: string;
  readonly title?: TextObject;
  readonly image_url?: string;
  readonly slack_file?: { readonly id?: string; readonly url?: string };
}

interface Cell {
  readonly type: string;
  readonly text?: string;
  readonly elements?: readonly unknown[];
}

interface Table {
  readonly rows: readonly (readonly Cell[])[];
  readonly column_settings?: readonly ({ readonly align?: string; readonly is_wrapped?: boolean } | null)[];
  readonly caption?: string;
}

type Of<T extends string, More> = Pick<SceneBlock, "block_id"> & { readonly type: T } & More;

export type Block =
  | Of<"header", { readonly text: TextObject }>
  | Of<
      "section",
      {
        readonly text?: TextObject;
        readonly fields?: readonly TextObject[];
        readonly accessory?: Control | Picture;
      }
    >
  | Of<"divider", object>
  | Of<"image", Omit<Picture, "type">>
  | Of<"context", { readonly elements: readonly (TextObject | Picture)[] }>
  | Of<"actions", { readonly elements: readonly Control[] }>
  | InputBlock
  | Of<"table" | "data_table", Table>
  | Of<"rich_text" | "markdown" | "data_visualization", object>;

export type TableBlock = Extract<Block, { type: "table" | "data_table" }>;
export type InputBlock = Of<
  "input",
  {
    readonly label: TextObject;
    readonly element: Control;
    readonly hint?: TextObject;
    readonly optional?: boolean;
    readonly dispatch_action?: boolean;
  }
>;
