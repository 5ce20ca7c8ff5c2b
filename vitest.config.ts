import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/faults/**"],
    maxWorkers: "100%",
    // Loading the drivers and drawing libraries anew for each file took as long as all of the tests on one core.
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
