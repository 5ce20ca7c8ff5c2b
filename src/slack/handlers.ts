import type { App } from "@slack/bolt";
import { z } from "zod";
import { modalIds } from "../messages/modal.ts";
import { type ActionDeps, act } from "./actions.ts";
import { answerAsked, answerCommand, type Person } from "./answer.ts";
import { readClick } from "./click.ts";
import { readDates } from "./dates.ts";
import type { Dispatcher } from "./dispatch.ts";
import { refreshHome } from "./home.ts";
import { isShared, show, type Target, tell } from "./show.ts";

export interface HandlerDeps extends ActionDeps {
  readonly dispatcher: Dispatcher;
}

/** What the app does when somebody types, clicks, submits, or opens its Home tab: it acknowledges, then works. */
export function handle(app: App, deps: HandlerDeps): void {
  const { dispatcher, publisher } = deps;

  // Whatever the command is called in the app's manifest, it is this one.
  app.command(/^\//, async ({ ack, command }) => {
    await ack();
    const { trigger_id: key, user_id: userId, channel_id: where, text = "" } = command;
    const person: Person = { userId, workspace: command.team_id, where };
    const target: Target = {
      type: "message",
      url: command.response_url,
      replace: false,
      canShare: isShared(where),
    };
    await dispatcher.dispatch({ key, userId, tell: (message) => tell(deps, message, target) }, (turn) =>
      turn(() => answerCommand(deps, person, text, target)),
    );
  });

  app.action(/^/, async ({ ack, body, action }) => {
    await ack();
    const click = readClick(body, action);
    const { userId } = click.person;
    let target: Target | undefined =
      click.at.type === "message"
        ? { type: "message", url: click.at.url, replace: false, canShare: false }
        : undefined;
    await dispatcher.dispatch(
      {
        key: click.triggerId,
        userId,
        tell: (message) =>
          target === undefined ? publisher.post(userId, () => message) : tell(deps, message, target),
      },
      (turn) =>
        act(deps, click, turn, (moved) => {
          target = moved;
        }),
    );
  });

  app.view(modalIds.dates, async ({ ack, body, view }) => {
    const read = await readDates(deps, view);
    if ("errors" in read) return void (await ack({ response_action: "errors", errors: { ...read.errors } }));
    await ack();
    const { asked, target, where } = read;
    const userId = body.user.id;
    const person: Person = { userId, workspace: body.team?.id, where };
    await dispatcher.dispatch(
      { key: `${view.id} ${view.hash}`, userId, tell: (message) => tell(deps, message, target) },
      (turn) => turn(async () => show(deps, await answerAsked(deps, person, asked, "click"), asked, target)),
    );
  });

  app.event("app_home_opened", async ({ event, body }) => {
    const opened = homeOpened.parse(event);
    if (opened.tab !== "home") return;
    const userId = opened.user;
    const person: Person = { userId, workspace: body.team_id, where: "home" };
    await dispatcher.dispatch(
      {
        key: body.event_id,
        userId,
        tell: ({ blocks }) => publisher.publishHome(userId, { type: "home", blocks: [...blocks] }),
      },
      (turn) => refreshHome(deps, person, opened.view?.hash, turn),
    );
  });
}

const homeOpened = z.object({
  user: z.string(),
  tab: z.string(),
  view: z.object({ hash: z.string() }).optional(),
});
