import { readFile } from "node:fs/promises";
import { Eta } from "eta";
import type { FigureRow } from "./figures.ts";

/** All that an e-mail shows, as texts; what there is nothing to say of is empty. */
export interface EmailDocument {
  readonly subject: string;
  /** What a list of mails shows behind the subject. */
  readonly preheader: string;
  readonly title: string;
  readonly period: string;
  /** Of the one person that the report is about. */
  readonly facts: readonly string[];
  /** What is to be known before the numbers. */
  readonly warnings: readonly string[];
  readonly headline: string;
  readonly figures: readonly EmailFigure[];
  readonly people: string;
  readonly charts: readonly EmailChart[];
  readonly table: EmailTable | undefined;
  readonly quiet: { readonly headline: string; readonly lines: readonly string[] };
  readonly files: readonly EmailFileLine[];
  readonly notes: readonly string[];
  /** Why it comes, and how it stops. */
  readonly reason: string;
  readonly unsubscribe: string | undefined;
}

export interface EmailFigure extends FigureRow {
  /** All of it in words: `Login Sessions: 1,204 (down 3 % from 1,240)`. */
  readonly sentence: string;
}

export interface EmailChart {
  readonly title: string;
  readonly summary: string;
  /** Of the picture that comes along; undefined where it could not be drawn. */
  readonly cid: string | undefined;
}

export interface EmailTable {
  /** `Users 1–10 of 41`. */
  readonly range: string;
  readonly columns: readonly EmailColumn[];
  readonly rows: readonly (readonly string[])[];
  /** Each row in words. */
  readonly sentences: readonly string[];
}

export interface EmailColumn {
  readonly title: string;
  /** Stands before each cell where there is no room for columns; empty for none. */
  readonly label: string;
  readonly align: "left" | "right";
}

export interface EmailFileLine {
  readonly name: string;
  /** Its size, and where it is. */
  readonly facts: string;
  readonly link: string | undefined;
  readonly sha256: string;
}

type Template = ReturnType<Eta["compile"]>;

const SOURCE = new URL("../../templates/mail.mjml", import.meta.url);
const eta = new Eta({ varName: "mail" });
let template: Promise<Template> | undefined;

/** The document as HTML, every text of it escaped. */
export async function renderEmailHtml(document: EmailDocument): Promise<string> {
  return eta.render(await emailTemplate(), document);
}

/** The template, compiled the first time, which holds everything else up for a third of a second. */
export function emailTemplate(): Promise<Template> {
  template ??= compileTemplate();
  return template;
}

/** Compiled before any data is bound, so that no data is ever read as MJML, and only once. */
async function compileTemplate(): Promise<Template> {
  const { default: mjml2html } = await import("mjml");
  const { html, errors } = await mjml2html(await readFile(SOURCE, "utf8"), {
    validationLevel: "strict",
    // Without this it links to a host of fonts.
    fonts: {},
    ignoreIncludes: true,
  });
  if (errors.length > 0) throw new Error(errors.map((error) => error.formattedMessage).join("\n"));
  return eta.compile(html);
}
