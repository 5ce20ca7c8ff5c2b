import { readFile } from "node:fs/promises";
import type { Loader, LoggerInterface, Runtime, View } from "vega";
import type { TopLevelSpec } from "vega-lite";
import { AppError } from "../errors.ts";
import { type FontWeight, textWidth } from "./fonts.ts";
import { slimSvg } from "./svg.ts";

/** The specifications, each `charts/<name>.vl.json`. */
export type SpecName = "trend" | "breakdown";

/** What a specification is filled with: its params, its named data, and the size and margins of the plot. */
export interface Plot {
  readonly width: number;
  readonly height: number;
  readonly padding: {
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
    readonly left: number;
  };
  readonly params: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, readonly object[]>>;
}

/**
 * Draws a specification once for each plot, as `<svg>` elements of the plot's size plus its padding. One view draws
 * them all: filling it anew takes half the time of making another.
 */
export async function drawPlots(name: SpecName, plots: readonly Plot[]): Promise<string[]> {
  const view = await openView(await specRuntime(name));
  const drawn: string[] = [];
  try {
    for (const plot of plots) {
      view
        .width(plot.width)
        .height(plot.height)
        .padding({ ...plot.padding });
      for (const [param, value] of Object.entries(plot.params)) view.signal(param, value);
      for (const [source, rows] of Object.entries(plot.data)) view.data(source, [...rows]);
      drawn.push(slimSvg(await view.toSVG()));
    }
  } finally {
    view.finalize();
  }
  return drawn;
}

const runtimes = new Map<SpecName, Promise<Runtime>>();

/** A specification compiled and parsed, once per process. */
export function specRuntime(name: SpecName): Promise<Runtime> {
  let runtime = runtimes.get(name);
  if (runtime === undefined) {
    runtime = compileSpec(name);
    runtimes.set(name, runtime);
  }
  return runtime;
}

/** Compiles a specification anew; a wrong one throws here, with its name. */
export async function compileSpec(name: SpecName): Promise<Runtime> {
  const file = new URL(`../../charts/${name}.vl.json`, import.meta.url);
  const [{ compile }, { parse }] = await Promise.all([import("vega-lite"), import("vega")]);
  try {
    const spec: TopLevelSpec = JSON.parse(await readFile(file, "utf8"));
    return parse(compile(spec).spec);
  } catch (cause) {
    throw new AppError(`charts/${name}.vl.json does not compile`, { cause });
  }
}

let loading: Promise<(runtime: Runtime) => View> | undefined;

/**
 * A view that reads nothing from outside and throws where Vega would only log. Vega takes half a second to load, so
 * it comes with the first chart, not with the program.
 */
export async function openView(runtime: Runtime): Promise<View> {
  loading ??= import("vega").then((vega) => {
    measureWithInter(vega);
    return (parsed) =>
      new vega.View(parsed, { renderer: "none", loader: closedLoader, logger: throwingLogger() });
  });
  return (await loading)(runtime);
}

/** A picture is drawn from the data it is given: nothing is read from a disk or a network, whatever a spec says. */
const closedLoader: Loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };

async function refuse(uri: string): Promise<never> {
  throw new AppError(`a chart may not load ${uri}`);
}

/** Vega only logs what goes wrong while it draws; a half-drawn picture must not pass for a whole one. */
function throwingLogger(): LoggerInterface {
  const fail = (...messages: readonly unknown[]): never => {
    throw new AppError("a chart could not be drawn", { cause: messages[0] });
  };
  const logger: LoggerInterface = {
    level: ((level?: number) => (level === undefined ? 1 : logger)) as LoggerInterface["level"],
    error: fail,
    warn: () => logger,
    info: () => logger,
    debug: () => logger,
  };
  return logger;
}

interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: number | string;
  readonly limit?: number;
}

/** Vega guesses 0.8 em a character where there is no canvas; this is its hook for knowing better. */
function measureWithInter(vega: unknown): void {
  const { textMetrics } = vega as { textMetrics: { width(item: TextItem, text: string): number } };
  textMetrics.width = ({ fontSize = 11, fontWeight, limit = 0 }, text) => {
    const weight: FontWeight =
      fontWeight === "bold" || Number(fontWeight) >= 700 ? 700 : Number(fontWeight) >= 600 ? 600 : 400;
    const width = textWidth(String(text ?? ""), { size: fontSize, weight });
    return limit > 0 ? Math.min(width, limit) : width;
  };
}
