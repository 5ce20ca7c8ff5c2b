import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { oneLine } from "../domain/format.ts";
import { readWord } from "../domain/words.ts";
import { AppError, UsageError } from "../errors.ts";
import { findByHash } from "../store/archive.ts";
import type { Store } from "../store/open.ts";
import type { Command } from "./command.ts";
import type { Reply } from "./reply.ts";

const LONGEST_NAME = 80;
const HASH = /^[0-9a-f]{64}$/i;

/** Says which report a file is, by its bytes alone, or that this app did not make it. */
export const verifyCommand: Command = {
  words: "verify FILE|HASH",
  help: "which report a file is, or that it is none of ours; HASH is its SHA-256",
  examples: ["verify report.pdf", "verify 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
  where: "everywhere",
  audience: "admins",
  needs: "store",
  async run(words, { store, front }) {
    const [word, ...more] = words.map((each) => readWord(each).text);
    if (word === undefined && front === "slack") return { type: "form", form: "verify" };
    if (word === undefined || more.length > 0) throw new UsageError("verify takes one file, or its SHA-256");
    if (HASH.test(word)) return verifyHash(store, word);
    if (front === "slack")
      throw new UsageError("a SHA-256 has 64 digits from 0 to f; verify alone takes a file");
    return verifyHash(store, await hashFile(word), word);
  },
};

/** What is known of the bytes with this SHA-256; `name` is what the person calls them. */
export async function verifyHash(
  store: Pick<Store, "archive" | "meta">,
  hash: string,
  name?: string,
): Promise<Extract<Reply, { type: "files" }>> {
  const sha256 = hash.toLowerCase();
  const files = await findByHash(store, sha256);
  // The verdict stands before the name, which whoever made the file has chosen.
  const called = name === undefined ? "" : ` (“${oneLine(name).slice(0, LONGEST_NAME).toWellFormed()}”)`;
  const title =
    files.length === 0
      ? `None of ours: no report was ever made with the SHA-256 ${sha256}.${called}`
      : `A report of ours, byte for byte.${called}`;
  const timeZone = (await store.meta.findOne({ _id: "store" }))?.timeZone;
  return { type: "files", title, files, total: files.length, timeZone, sha256 };
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(file), hash);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why =
      code === "ENOENT" ? `there is no file ${oneLine(file)}` : `${oneLine(file)} cannot be read (${code})`;
    throw new AppError(why, { cause, userMessage: why });
  }
  return hash.digest("hex");
}
