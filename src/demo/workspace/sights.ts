import type { Message } from "./types.ts";
import { type Changes, waitFor } from "./waiting.ts";
import type { Sights } from "./workspace.ts";
import type { World } from "./world.ts";

const patience = 30_000;

/** Reading the workspace; the getters are the caller's, because spreading would freeze them. */
export function createSights(
  world: World,
  changes: Changes,
): Omit<Sights, "calls" | "violations" | "connections"> {
  const seenBy = (userId: string, channelId: string): readonly Message[] =>
    world.messages
      .inChannel(channelId)
      .filter(({ ephemeralTo }) => ephemeralTo === undefined || ephemeralTo === userId);
  const wait = <T>(find: () => T | undefined, timeout = patience): Promise<T> =>
    waitFor(changes, find, timeout, () => summary(world));
  return {
    messages: (channelId) =>
      world.messages.inChannel(channelId).filter(({ ephemeralTo }) => ephemeralTo === undefined),
    ephemeral: (userId, channelId) =>
      world.messages.inChannel(channelId).filter(({ ephemeralTo }) => ephemeralTo === userId),
    conversation: seenBy,
    waitForMessage: (fits, timeout) => wait(() => world.messages.all().find(fits), timeout),
    waitFor: wait,
    directMessage: (userId) => world.directory.direct([userId, world.settings.botUserId]).id,
    files: world.files.all,
    file: world.files.find,
    modal: (userId) => world.views.modals(userId).at(-1),
    modals: world.views.modals,
    home: world.views.home,
    on(event, listener) {
      changes.on(event, listener);
      return () => changes.off(event, listener);
    },
  };
}

/** What helps to see why something did not come. */
function summary({ messages, calls }: Pick<World, "messages" | "calls">): string {
  const texts = messages
    .all()
    .slice(-5)
    .map(({ text }) => JSON.stringify(text.slice(0, 80)));
  const failed = calls
    .items()
    .filter((call) => !call.ok)
    .slice(-5)
    .map(({ method, error, response }) => `${method}: ${error} ${JSON.stringify(response.errors ?? "")}`);
  return `newest messages: ${texts.join(", ") || "none"}; failed calls: ${failed.join("; ") || "none"}`;
}
