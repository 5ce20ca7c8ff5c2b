import { fileURLToPath } from "node:url";
import { Eta } from "eta";
import type { Report } from "../domain/report.ts";
import { ellipsize, type TextStyle } from "./fonts.ts";
import type { RenderOptions } from "./format.ts";
import { datePdf } from "./pdf-dates.ts";
import { buildPdfDocument, type PdfDocument } from "./pdf-document.ts";
import { CONTENT_POLICY, type Paper } from "./print-page.ts";
import { createPrinter } from "./printer.ts";
import { facesFor } from "./script-fonts.ts";
import { cleanText } from "./svg.ts";

const eta = new Eta({ views: fileURLToPath(new URL("../../templates", import.meta.url)), cache: true });

/** The report as a tagged PDF, dated as of the report; all of it comes at once. */
export async function* renderPdf(
  report: Report,
  options: RenderOptions = {},
): AsyncGenerator<Uint8Array, void> {
  const { paper = "A4" } = options;
  const html = await renderReportHtml(report, { ...options, paper });
  if (options.printer) {
    yield datePdf(await options.printer.print(html, { paper }), report.asOf);
    return;
  }
  const printer = createPrinter();
  try {
    yield datePdf(await printer.print(html, { paper }), report.asOf);
  } finally {
    await printer.close();
  }
}

/** The HTML that is printed; it holds all that it shows. */
export async function renderReportHtml(
  report: Report,
  options: RenderOptions & { readonly paper: Paper },
): Promise<string> {
  const document = await buildPdfDocument(report, options);
  return eta.render("./report.eta", {
    ...document,
    fonts: await facesFor(JSON.stringify(document)),
    footer: cssText(footerOf(document)),
    paper: options.paper,
    policy: CONTENT_POLICY,
  });
}

/** As `templates/report.css` sets it, and what the page's number leaves of the line. */
const footerStyle: TextStyle = { size: 10, weight: 400 };
const FOOTER_WIDTH = 500;

function footerOf({ title, period }: PdfDocument): string {
  return ellipsize(`${cleanText(title)} · ${period}`, FOOTER_WIDTH, footerStyle);
}

/** A text as the inside of a string in CSS, of nothing but escapes where it is not plain. */
function cssText(text: string): string {
  return text.replace(/[^a-zA-Z0-9 ]/gu, (character) => `\\${character.codePointAt(0)?.toString(16)} `);
}
