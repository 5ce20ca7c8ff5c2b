import type { Logger } from "pino";
import type { CommandDeps } from "../commands/command.ts";
import { FILES_PATH, type Links } from "../delivery/links.ts";
import { UNSUBSCRIBE_PATH, type UnsubscribeLinks } from "../delivery/unsubscribe.ts";
import type { Post } from "../intake/index.ts";
import { whenOf } from "../schedules/schedule.ts";
import type { MayFetch } from "../slack/front.ts";
import type { WebRoute } from "../slack/web-route.ts";
import { serveDownload } from "./download.ts";
import { eventsRoute } from "./events.ts";
import { serveUnsubscribe } from "./unsubscribe.ts";

/** What people reach with a browser, where the settings say under which address, and where programs post events. */
export function webRoutes({
  commandDeps: { store, clock },
  links,
  unsubscribe,
  mayFetch,
  post,
  logger,
}: {
  readonly commandDeps: Pick<CommandDeps, "store" | "clock">;
  readonly links: Links | undefined;
  readonly unsubscribe: UnsubscribeLinks | undefined;
  readonly mayFetch: MayFetch;
  readonly post: Post | undefined;
  readonly logger: Logger;
}): WebRoute[] {
  const onFailure = (error: unknown): void => logger.error({ err: error }, "a page could not be shown");
  const routes: WebRoute[] = [];
  if (links !== undefined) {
    routes.push({
      path: FILES_PATH,
      methods: ["GET", "HEAD"],
      serve: (request, response) =>
        void serveDownload({ store, links, clock, mayFetch, onFailure }, request, response),
    });
  }
  if (unsubscribe !== undefined) {
    const deps = {
      links: unsubscribe,
      clock,
      onFailure,
      async unsubscribe(schedule: string, email: string) {
        const at = new Date(clock());
        await store.unsubscribed.updateOne(
          { _id: `${schedule} ${email}` },
          { $setOnInsert: { at } },
          { upsert: true },
        );
      },
      async describe(schedule: string, email: string) {
        const found = await store.schedules.findOne({ _id: schedule, state: { $ne: "deleted" } });
        const isTarget = found?.targets.some(({ to }) => to === email);
        return found && isTarget ? `${found.request}, ${whenOf(found)}` : undefined;
      },
    };
    routes.push({
      path: UNSUBSCRIBE_PATH,
      methods: ["GET", "HEAD", "POST"],
      serve: (request, response) => void serveUnsubscribe(deps, request, response),
    });
  }
  if (post !== undefined) routes.push(eventsRoute({ post, logger }));
  return routes;
}
