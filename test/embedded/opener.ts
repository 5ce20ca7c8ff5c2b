import { openEmbedded } from "../../src/embedded/index.ts";

/** A process for tests: opens the store in the folder of its first argument until its input ends. */
const store = await openEmbedded({ dataDir: process.argv[2] ?? "" });
process.stdout.write("open\n");
for await (const _ of process.stdin);
await store.close();
