import { ellipsize, FONT_FAMILY, type TextStyle, textWidth } from "./fonts.ts";
import { cleanText, escapeXml, withoutEmoji } from "./svg.ts";

/** The size of every chart, in logical pixels; a PNG has twice as many. */
export const CARD_WIDTH = 720;
export const MARGIN = 24;
/** Where the plot begins, below title and subtitle. */
export const HEADER_HEIGHT = 76;

export const titleStyle: TextStyle = { size: 18, weight: 700 };
export const textStyle: TextStyle = { size: 13, weight: 400 };
export const smallStyle: TextStyle = { size: 12, weight: 400 };
export const strongStyle: TextStyle = { size: 13, weight: 600 };

const NOTE_HEIGHT = 17;
const INK = "#1f2933";
const MUTED = "#5b6672";

/** A line of text on a card; `x` is its left end, or its right end with `align: "right"`; `y` is its baseline. */
export interface CardText {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly style: TextStyle;
  readonly muted?: boolean;
  readonly align?: "left" | "right" | "center";
}

/** What a kind of chart puts on its card. */
export interface CardBody {
  /** Down to the end of the plots. */
  readonly height: number;
  readonly plots: readonly { readonly x: number; readonly y: number; readonly svg: string }[];
  readonly dots: readonly { readonly x: number; readonly y: number; readonly color: string }[];
  readonly texts: readonly CardText[];
  /** Small print at the foot; the card grows by its lines. */
  readonly notes: readonly string[];
}

/** A chart before it is written: what stands where on a white card. */
export interface Card extends CardBody {
  readonly title: string;
  readonly subtitle: string;
  /** The text alternative. */
  readonly summary: string;
}

/** The card as one SVG document: white in light and dark surroundings, named for who cannot see it. */
export function renderCard(card: Card): string {
  const room = CARD_WIDTH - 2 * MARGIN;
  const title = cleanText(card.title);
  const notes = wrapNotes(card.notes);
  const texts: CardText[] = [
    { x: MARGIN, y: 36, text: ellipsize(withoutEmoji(title), room, titleStyle), style: titleStyle },
    {
      x: MARGIN,
      y: 57,
      text: ellipsize(withoutEmoji(cleanText(card.subtitle)), room, textStyle),
      style: textStyle,
      muted: true,
    },
    ...card.texts,
    ...notes.map((text, line) => ({
      x: MARGIN,
      y: card.height + 18 + line * NOTE_HEIGHT,
      text,
      style: smallStyle,
      muted: true,
    })),
  ];
  const height = card.height + MARGIN + notes.length * NOTE_HEIGHT;
  const summary = escapeXml(cleanText(card.summary));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${CARD_WIDTH}" height="${height}" viewBox="0 0 ${CARD_WIDTH} ${height}" role="img" aria-label="${escapeXml(title)}. ${summary}" font-family="${FONT_FAMILY}">`,
    `<title>${escapeXml(title)}</title><desc>${summary}</desc>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...card.plots.map(({ x, y, svg }) => svg.replace("<svg ", `<svg x="${x}" y="${y}" overflow="visible" `)),
    ...card.dots.map(({ x, y, color }) => `<circle cx="${x}" cy="${y}" r="4" fill="${color}"/>`),
    ...texts.map(renderText),
    "</svg>",
  ].join("\n");
}

function renderText({ x, y, text, style, muted, align = "left" }: CardText): string {
  const anchor = { left: "start", center: "middle", right: "end" }[align];
  return `<text x="${x}" y="${y}" font-size="${style.size}" font-weight="${style.weight}" fill="${muted ? MUTED : INK}" text-anchor="${anchor}">${escapeXml(text)}</text>`;
}

/** Breaks small print into lines that fit the card. */
function wrapNotes(notes: readonly string[]): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of notes.join(" · ").split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer, smallStyle) > CARD_WIDTH - 2 * MARGIN) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === "" ? lines : [...lines, line];
}
