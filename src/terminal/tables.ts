import type { UnknownCsv } from "../commands/reply.ts";

/**
 * Asks what is in the columns of CSV files that no source knows; where nobody can be asked, says what they seem to be.
 * Gives out lines with `print`.
 */
export async function tellTables(
  tables: readonly UnknownCsv[],
  print: (text: string) => Promise<void>,
): Promise<void> {
  const { stdin: input, stdout: output } = process;
  for (const csv of tables) {
    if (input.isTTY && output.isTTY) {
      const { askForMap } = await import("./column-questions.ts");
      const file = await askForMap(csv, { input, output });
      await print(`${file} is written. What comes of it: import FILE --map ${file} --dry-run`);
    } else {
      const { showGuess } = await import("./column-guess.ts");
      await print(showGuess(csv, output.isTTY === true));
    }
  }
}
