import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// Not the default folder, which other users of the machine could fill.
enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/compiled", import.meta.url)));
const { runCli } = await import("./terminal/run.ts");
process.exitCode = await runCli(process.argv.slice(2));
