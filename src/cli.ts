import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";

// Left alone, V8 lets garbage grow to several times what is in use before it looks for it: an import that holds 30 MB
// at any moment took 400. Half as much again costs it no measurable time.
setFlagsFromString("--heap-growing-percent=50");
// Not the default folder, which other users of the machine could fill.
enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/compiled", import.meta.url)));
const { runCli } = await import("./terminal/run.ts");
process.exitCode = await runCli(process.argv.slice(2));
