import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { identifier, text } from "./text.ts";

const label = text(20);
const point = z.strictObject({ label, value: z.number() });
const positive = point.extend({ value: z.number().positive() });
const distinct = { error: "names must be unique" };

const pie = z.strictObject({
  type: z.literal("pie"),
  segments: z
    .array(positive)
    .min(1)
    .max(6)
    .refine((segments) => new Set(segments.map((each) => each.label)).size === segments.length, distinct),
});

const series = z
  .array(z.strictObject({ name: label, data: z.array(point).min(1).max(20) }))
  .min(1)
  .max(6)
  .refine((all) => new Set(all.map((each) => each.name)).size === all.length, distinct);
const axisConfig = z.strictObject({
  categories: z.array(label).min(1).max(20),
  x_label: text(50).optional(),
  y_label: text(50).optional(),
});

const overAxis = <T extends string>(type: T) =>
  z.strictObject({ type: z.literal(type), series, axis_config: axisConfig }).refine(
    (chart) =>
      chart.series.every(({ data }) =>
        isDeepStrictEqual(
          data.map((each) => each.label),
          chart.axis_config.categories,
        ),
      ),
    { error: "labels must match the axis categories" },
  );

/** Slack's chart block of June 2026; where sources differ on a limit, the smaller. */
export const dataVisualizationBlock = z.strictObject({
  type: z.literal("data_visualization"),
  block_id: identifier.optional(),
  title: text(50),
  chart: z.discriminatedUnion("type", [pie, overAxis("bar"), overAxis("area"), overAxis("line")]),
});
