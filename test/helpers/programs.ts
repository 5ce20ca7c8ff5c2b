import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";

const starts = (program: string): boolean => spawnSync(program, ["--version"]).status === 0;

/** Programs that files are read back with, where they are installed. */
export const hasPython = starts("python3");
export const hasOffice = spawnSync("which", ["soffice"]).status === 0;

/** What a Python script prints, which is JSON. */
export async function python(script: string, ...args: string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)("python3", ["-c", script, ...args], {
    maxBuffer: 2 ** 28,
    env: { PATH: process.env.PATH, PYTHONUTF8: "1" },
  });
  return JSON.parse(stdout);
}

/** Converts files with LibreOffice, in a profile of its own. */
export async function convert(
  folder: string,
  to: string,
  from: string | undefined,
  file: string,
): Promise<void> {
  await promisify(execFile)("soffice", [
    `-env:UserInstallation=file://${folder}/profile`,
    "--headless",
    ...(from === undefined ? [] : [`--infilter=${from}`]),
    "--convert-to",
    to,
    "--outdir",
    folder,
    file,
  ]);
}
