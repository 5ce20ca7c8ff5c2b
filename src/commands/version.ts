import { readFile } from "node:fs/promises";

/** The app's version, as `package.json` has it. */
export async function readVersion(): Promise<string> {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  return String(JSON.parse(text).version);
}
