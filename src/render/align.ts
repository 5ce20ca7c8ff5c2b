import stringWidth from "fast-string-width";

const WIDEST_TEXT = 32;

/** Rows of cells as lines for a terminal, each column as wide as its widest cell, in any script. */
export function align(rows: readonly string[][], sides: readonly ("left" | "right")[]): string[] {
  const widths = sides.map((_, i) => Math.max(...rows.map((row) => stringWidth(row[i] ?? ""))));
  return rows.map((row) =>
    row
      .map((cell, i) => {
        const space = " ".repeat((widths[i] ?? 0) - stringWidth(cell));
        return sides[i] === "right" ? space + cell : cell + space;
      })
      .join("  ")
      .trimEnd(),
  );
}

/** A text cut to the width of 32 letters. */
export function clip(text: string): string {
  if (stringWidth(text) <= WIDEST_TEXT) return text;
  let clipped = "";
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(clipped + segment) >= WIDEST_TEXT) break;
    clipped += segment;
  }
  return `${clipped}…`;
}
