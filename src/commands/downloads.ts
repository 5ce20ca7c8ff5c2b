import type { Filter } from "mongodb";
import { type ReportName, reportForms } from "../domain/request.ts";
import { nearest, orList, readWord } from "../domain/words.ts";
import { UsageError } from "../errors.ts";
import type { ArchiveDocument } from "../store/documents.ts";
import type { Command } from "./command.ts";
import { findFile } from "./files.ts";

const MOST = 15;
const ID = /^[0-9a-f]{32}$/;

/** The files that were made, the newest first: for who sees everybody all of them, for others their own. */
export const downloadsCommand: Command = {
  words: "downloads [mine|REPORT|ID]",
  help: "the files that were made, to get them again",
  examples: ["downloads", "downloads mine", "downloads overview"],
  where: "everywhere",
  audience: "everyone",
  needs: "store",
  async run(words, { store }, { owner }) {
    if (owner === undefined) throw new UsageError("downloads needs to know who asks");
    const timeZone = (await store.meta.findOne({ _id: "store" }))?.timeZone;
    const [word = ""] = words.map((each) => readWord(each).text);
    if (words.length === 1 && ID.test(word)) {
      return {
        type: "files",
        title: "File",
        files: [await findFile(store, word, owner)],
        total: 1,
        timeZone,
      };
    }
    const which = wordOf(words);
    const isLimited = which === "mine" || owner.sees !== "everybody";
    const filter: Filter<ArchiveDocument> = {
      ...(isLimited
        ? { who: owner.who, ...(owner.workspace === undefined ? {} : { workspace: owner.workspace }) }
        : {}),
      ...(which === undefined || which === "mine" ? {} : { report: which }),
    };
    const [files, total] = await Promise.all([
      store.archive.find(filter, { sort: { at: -1, _id: 1 }, limit: MOST }).toArray(),
      store.archive.countDocuments(filter),
    ]);
    return { type: "files", title: "Files", files, total, timeZone };
  },
};

function wordOf(words: readonly string[]): ReportName | "mine" | undefined {
  if (words.length > 1) throw new UsageError("downloads takes one word: mine, or a report such as overview");
  const [word] = words.map((each) => readWord(each).text.toLowerCase());
  if (word === undefined) return undefined;
  const known = ["mine", ...Object.keys(reportForms)] as (ReportName | "mine")[];
  const found = known.find((each) => each === word);
  if (found) return found;
  const close = nearest(word, known);
  throw new UsageError(
    `“${word.slice(0, 40)}” is neither mine nor a report; ${close.length > 0 ? `did you mean ${orList(close)}?` : `there are ${orList(known)}`}`,
  );
}
