import { expect, it } from "vitest";
import { noteNews, openFeed } from "../../src/store/feeds.ts";
import { testEngine } from "../helpers/engine.ts";

it("keeps the first words that nobody knows, however many come over time", async () => {
  const { store } = (await testEngine()).engine;
  const feed = { _id: "collect bitwarden", source: "bitwarden" };
  for (let round = 0; round < 4; round++) {
    const words = Array.from({ length: 20 }, (_, i) => [`word ${round * 15 + i}`, 1] as const);
    await noteNews(store, feed, { unknown: new Map(words) });
  }
  const { unknown } = await openFeed(store, feed);
  expect(unknown).toEqual(Array.from({ length: 50 }, (_, i) => `word ${i}`));
});
