import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { requireAudience } from "../commands/index.ts";
import type { FilesReply } from "../commands/reply.ts";
import { verifyHash } from "../commands/verify.ts";
import { AppError } from "../errors.ts";
import { verifyInputs } from "../messages/modal.ts";
import { type AnswerDeps, kept, type Person, withViewer } from "./answer.ts";

const submission = z.object({
  private_metadata: z.string(),
  state: z.object({
    values: z.object({
      [verifyInputs.hash]: z.object({ [verifyInputs.hash]: z.object({ value: z.string().nullish() }) }),
      [verifyInputs.file]: z.object({
        [verifyInputs.file]: z.object({
          files: z.array(z.object({ name: z.string(), url_private_download: z.url() })).nullish(),
        }),
      }),
    }),
  }),
});

/** What somebody wants verified; `note` is what the modal was opened with. */
export interface Wanted {
  readonly note: string;
  readonly file?: { readonly name: string; readonly url: string };
  readonly hash?: string;
}

/** What was filled in, or what is wrong with it, by input. */
export function readVerify(view: unknown): Wanted | { readonly errors: Readonly<Record<string, string>> } {
  const { private_metadata: note, state } = submission.parse(view);
  const typed = state.values.hash.hash.value?.replace(/\s/g, "") ?? "";
  const [file] = state.values.file.file.files ?? [];
  if (file) return { note, file: { name: file.name, url: file.url_private_download } };
  if (typed === "") return { errors: { [verifyInputs.hash]: "Choose a file, or give its SHA-256." } };
  if (!/^[0-9a-f]{64}$/i.test(typed))
    return { errors: { [verifyInputs.hash]: "A SHA-256 has 64 digits from 0 to f." } };
  return { note, hash: typed };
}

/** What the modal remembers: where its answer goes. */
export const verifyNote = z.object({ url: z.string(), channel: z.string() });
export type VerifyNote = z.infer<typeof verifyNote>;

export interface VerifyDeps extends AnswerDeps {
  readonly botToken: string;
  /** Whether an address is Slack's: the token goes nowhere else. */
  readonly isSlack: (url: URL) => boolean;
}

/** Compares with the archive, for those who may ask. */
export async function verifyFor(deps: VerifyDeps, person: Person, wanted: Wanted): Promise<FilesReply> {
  const what = `verify ${wanted.file?.name ?? wanted.hash}`;
  return kept(deps, person, "command", what, (told) =>
    withViewer(deps, person, async (viewer) => {
      told(viewer);
      const { store } = deps.commandDeps;
      requireAudience("verify", viewer, deps.commandDeps);
      const { file, hash = "" } = wanted;
      return file ? verifyHash(store, await hashAt(deps, file.url), file.name) : verifyHash(store, hash);
    }),
  );
}

const TIMEOUT = 60_000;
/** Milliseconds before a file that Slack has not looked at yet is asked for again. */
const PAUSES = [200, 400, 800, 1_600, 3_200];

async function hashAt({ botToken, isSlack }: VerifyDeps, address: string): Promise<string> {
  const url = new URL(address);
  if (!isSlack(url)) throw new AppError(`a file is not Slack's but at ${url.host}`);
  const response = await ask(url, botToken);
  if (!response.ok || response.body === null)
    throw new AppError(`Slack did not give the file: ${response.status}`, {
      userMessage: "Slack did not give me the file; its SHA-256 would do as well.",
    });
  const sha256 = createHash("sha256");
  for await (const chunk of response.body) sha256.update(chunk);
  return sha256.digest("hex");
}

async function ask(url: URL, token: string): Promise<Response> {
  for (const pause of [...PAUSES, undefined]) {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (response.status !== 404 || pause === undefined) return response;
    await response.body?.cancel();
    await sleep(pause);
  }
  throw new AppError("Slack did not give the file");
}
