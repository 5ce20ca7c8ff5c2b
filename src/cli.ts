import { enableCompileCache } from "node:module";

// Not the default folder, which other users of the machine could fill.
enableCompileCache(new URL("../node_modules/.cache/compiled", import.meta.url).pathname);
const { runCli } = await import("./terminal/run.ts");
process.exitCode = await runCli(process.argv.slice(2));
