import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Each program that a test starts would compile its code anew, and load what strips its types before that.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL("node_modules/.cache/tests", import.meta.url));

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/faults/**"],
    // Tests wait for other programs, too.
    maxWorkers: availableParallelism() + 1,
    // Loading the drivers and drawing libraries anew for each file took as long as all of the tests on one core.
    isolate: false,
    // For what hangs: on a machine that is busy otherwise, everything takes many times as long.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
