import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SourceError } from "../errors.ts";

/** Packed bytes that are put aside at most. */
const mostBytes = 5e9;

/**
 * Puts a stream into a file that can be read from any place. Nobody else can open the file: it has no name any more, so
 * it is gone when the handle is closed, or when the process ends in any way.
 * @throws SourceError when it is too much, or there is no room for it
 */
export async function spool(
  input: AsyncIterable<Uint8Array>,
  name: string,
  most = mostBytes,
): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), "vault-usage-"));
  let handle: FileHandle | undefined;
  try {
    handle = await open(join(folder, "input"), "wx+", 0o600);
    await rm(folder, { recursive: true, force: true });
    let size = 0;
    for await (const chunk of input) {
      size += chunk.length;
      if (size > most) throw tooMuch(name, "it is too large for that");
      await handle.appendFile(chunk);
    }
    return handle;
  } catch (error) {
    await handle?.close();
    await rm(folder, { recursive: true, force: true });
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    throw tooMuch(name, `there is no room in ${tmpdir()}`, error);
  }
}

function tooMuch(name: string, why: string, cause?: unknown): SourceError {
  return new SourceError(
    `${name} is a zip archive, which has to be put aside before it can be read, and ${why}; save it as a file and import that`,
    { cause },
  );
}
