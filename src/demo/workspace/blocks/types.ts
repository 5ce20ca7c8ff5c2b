import { z } from "zod";
import { dataVisualizationBlock } from "./chart.ts";
import { actionsElement, contextElement, inputElement, sectionAccessory } from "./elements.ts";
import { imageBlock } from "./image.ts";
import { richTextBlock } from "./rich-text.ts";
import { dataTableBlock, tableBlock } from "./tables.ts";
import { anyText, identifier, plainText, text } from "./text.ts";

/** Where blocks may stand. */
export type Surface = "message" | "modal" | "home";

interface BlockType {
  readonly schema: z.ZodType;
  readonly surfaces: readonly Surface[];
  /** Refused unless the workspace has it switched on. */
  readonly isNew?: true;
}

const everywhere: readonly Surface[] = ["message", "modal", "home"];
const block = <T extends string>(type: T) => ({
  type: z.literal(type),
  block_id: identifier.optional(),
});

const section = z
  .strictObject({
    ...block("section"),
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: sectionAccessory.optional(),
    expand: z.boolean().optional(),
  })
  .refine((value) => value.text !== undefined || value.fields !== undefined, {
    error: "missing required field: text",
  });

const input = z
  .strictObject({
    ...block("input"),
    label: plainText(2000),
    element: inputElement,
    hint: plainText(2000).optional(),
    optional: z.boolean().optional(),
    dispatch_action: z.boolean().optional(),
  })
  .refine((value) => value.element.type !== "file_input" || value.dispatch_action !== true, {
    error: "unsupported type: file_input",
    path: ["element", "type"],
  });

/** Every block type the workspace knows. All others are refused, as Slack refuses what it does not know. */
export const blockTypes: Readonly<Record<string, BlockType>> = {
  section: { schema: section, surfaces: everywhere },
  header: { schema: z.strictObject({ ...block("header"), text: plainText(150) }), surfaces: everywhere },
  divider: { schema: z.strictObject(block("divider")), surfaces: everywhere },
  image: { schema: imageBlock, surfaces: everywhere },
  context: {
    schema: z.strictObject({ ...block("context"), elements: z.array(contextElement).min(1).max(10) }),
    surfaces: everywhere,
  },
  actions: {
    schema: z.strictObject({ ...block("actions"), elements: z.array(actionsElement).min(1).max(25) }),
    surfaces: everywhere,
  },
  rich_text: { schema: richTextBlock, surfaces: everywhere },
  markdown: { schema: z.strictObject({ ...block("markdown"), text: text(12_000) }), surfaces: ["message"] },
  table: { schema: tableBlock, surfaces: ["message"] },
  input: { schema: input, surfaces: ["modal", "home"] },
  data_table: { schema: dataTableBlock, surfaces: ["message"], isNew: true },
  data_visualization: { schema: dataVisualizationBlock, surfaces: ["message"], isNew: true },
};
