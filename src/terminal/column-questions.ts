import { writeFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import type { UnknownCsv } from "../commands/reply.ts";
import { timeZoneOf } from "../domain/calendar.ts";
import { type EventKind, eventKinds } from "../domain/event.ts";
import { nearest, orList, plural } from "../domain/words.ts";
import { AppError, UsageError } from "../errors.ts";
import { columnRoles, parseColumnMap } from "../sources/column-map.ts";
import { guessKind } from "../sources/guess-kind.ts";
import { type ColumnRole, draftMap, guessRoles, needsZone } from "../sources/guess-map.ts";
import { timeFormats } from "../sources/map-time.ts";
import { examplesOf, short } from "./column-guess.ts";

const roleNames: readonly ColumnRole[] = [...columnRoles, "kind", "ignored"];
const needed = ["at", "user", "kind"] as const;

/** Where questions are asked: a terminal's input and output. */
export interface Talk {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/**
 * Asks column by column what a CSV means, with the guess as the answer to nothing, and writes the map to a file whose
 * name it asks for. Gives that name. @throws UsageError when the answers end before the questions
 */
export async function askForMap(csv: UnknownCsv, talk: Talk): Promise<string> {
  const lines = createInterface(talk);
  // Read from an iterator, which keeps the lines that come before they are asked for, and says when no more come.
  const answers = lines[Symbol.asyncIterator]();
  let isOpen = true;
  lines.once("close", () => {
    isOpen = false;
  });
  const say = (text: string): void => void talk.output.write(`${text}\n`);
  const ask = async (question: string): Promise<string> => {
    // Not written as any other text: the line editor draws it again when somebody edits the answer.
    lines.setPrompt(question);
    if (isOpen) lines.prompt();
    else talk.output.write(question);
    const next = await answers.next();
    if (next.done === true)
      throw new UsageError("the questions were not answered to the end; nothing was written");
    return next.value.trim();
  };
  /** Asks until the answer is one of these; nothing is the guess, if there is one. */
  const choose = async <T extends string>(what: string, right: readonly T[], guess?: T): Promise<T> => {
    for (;;) {
      const answer = await ask(`${what}${guess === undefined ? "" : ` [${guess}]`}: `);
      if (answer === "" && guess !== undefined) return guess;
      const found = right.find((each) => each.toLowerCase() === answer.toLowerCase());
      if (found !== undefined) return found;
      const close = nearest(answer, right);
      say(
        `  That is not known; ${close.length > 0 ? `did you mean ${orList(close)}?` : `right is ${orList(right)}`}`,
      );
    }
  };

  const askRoles = async (): Promise<ColumnRole[]> => {
    const guesses = guessRoles(csv.facts);
    const roles: ColumnRole[] = [];
    for (const [i, column] of csv.facts.entries()) {
      const free = roleNames.filter((role) => role === "ignored" || !roles.includes(role));
      const guess = guesses[i] ?? "ignored";
      const what = `${short(column.name, 40)} (${examplesOf(column)})`;
      roles.push(await choose(what, free, free.includes(guess) ? guess : "ignored"));
    }
    return roles;
  };
  const askZone = async (guess: string | undefined): Promise<string | undefined> => {
    for (;;) {
      const answer = await ask(
        `The times have no zone. Where were they written, such as Europe/Oslo? [${guess ?? "not said"}]: `,
      );
      if (answer === "") return guess;
      const zone = timeZoneOf(answer);
      if (zone !== undefined) return zone;
      say("  That is no IANA name.");
    }
  };

  try {
    say(
      `${csv.name}: what is in its columns? (${plural(csv.rows, "row")} looked at; Enter takes what stands in brackets)`,
    );
    say(`A column is ${orList(roleNames)}.`);
    let roles = await askRoles();
    for (;;) {
      const lacking = needed.filter((role) => !roles.includes(role));
      if (lacking.length === 0) break;
      say(`  A map needs a column for ${lacking.join(", ")}. Once more:`);
      roles = await askRoles();
    }
    const at = csv.facts[roles.indexOf("at")];
    const isOpen = at !== undefined && at.times.length !== 1;
    const timeFormat = isOpen
      ? await choose(
          `How is the time written, ${orList(at.times.length > 0 ? at.times : timeFormats)}?`,
          timeFormats,
        )
      : undefined;
    const timeZone = at !== undefined && needsZone(at) ? await askZone(csv.timeZone) : undefined;
    const kind = csv.facts[roles.indexOf("kind")];
    const kinds: Record<string, EventKind> = {};
    if (kind !== undefined) say(`What is each word of ${short(kind.name, 40)}? ${orList(eventKinds)}.`);
    for (const value of kind?.values ?? []) {
      kinds[value] = await choose(`  ${short(value, 60)}`, eventKinds, guessKind(value));
    }
    const draft = draftMap(csv.facts, roles, { timeZone, kinds });
    const text = `${JSON.stringify({ ...draft, ...(timeFormat && { timeFormat }) }, null, 2)}\n`;
    parseColumnMap(text, "the map");
    for (;;) {
      const file = (await ask("Write the map to which file? [map.json]: ")) || "map.json";
      if (await written(file, text)) return file;
      say("  That file is there already; another name, please.");
    }
  } finally {
    lines.close();
  }
}

/** Whether it could be written; never over another file. */
async function written(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: "wx" });
    return true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    throw new AppError("no file", { cause, userMessage: `${file} cannot be written (${code})` });
  }
}
