import type { App } from "@slack/bolt";
import { z } from "zod";
import { buildFiles } from "../messages/files.ts";
import type { SlackMessage } from "../messages/message.ts";
import { modalIds } from "../messages/modal.ts";
import { type ActionDeps, act } from "./actions.ts";
import { answerAsked, type Person } from "./answer.ts";
import { readClick } from "./click.ts";
import { answerCommand } from "./command.ts";
import { readDates } from "./dates.ts";
import type { Dispatcher } from "./dispatch.ts";
import { factsOf, inFileLine } from "./export.ts";
import { refreshHome } from "./home.ts";
import { handleScheduleModals } from "./schedule-modals.ts";
import { isShared, show, type Target, tell } from "./show.ts";
import { readVerify, type VerifyDeps, verifyFor, verifyNote } from "./verify.ts";

export interface HandlerDeps extends ActionDeps, VerifyDeps {
  readonly dispatcher: Dispatcher;
}

/** What the app does when somebody types, clicks, submits, or opens its Home tab: it acknowledges, then works. */
export function handle(app: App, deps: HandlerDeps): void {
  const { dispatcher, publisher } = deps;

  /** A modal may be left open for longer than its message can be answered: then it is told in a direct message. */
  async function tellLater(userId: string, message: SlackMessage, target: Target): Promise<void> {
    await tell(deps, message, target).catch(() => publisher.post(userId, () => message));
  }

  // Whatever the command is called in the app's manifest, it is this one.
  app.command(/^\//, async ({ ack, command }) => {
    await ack();
    const { trigger_id: key, user_id: userId, channel_id: where, text = "" } = command;
    const person: Person = { userId, workspace: command.team_id, where };
    const target: Extract<Target, { type: "message" }> = {
      type: "message",
      url: command.response_url,
      replace: false,
      canShare: isShared(where),
    };
    await dispatcher.dispatch({ key, userId, tell: (message) => tell(deps, message, target) }, (turn) =>
      answerCommand(deps, person, { text, triggerId: key }, target, turn),
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
      { key: `${view.id} ${view.hash}`, userId, tell: (message) => tellLater(userId, message, target) },
      (turn) =>
        turn(async () => {
          const { report } = await answerAsked(deps, person, asked, "click");
          await show(deps, report, asked, target);
        }),
    );
  });

  app.view(modalIds.verify, async ({ ack, body, view }) => {
    const wanted = readVerify(view);
    if ("errors" in wanted)
      return void (await ack({ response_action: "errors", errors: { ...wanted.errors } }));
    await ack();
    const { url, channel } = verifyNote.parse(JSON.parse(wanted.note));
    const target: Target = { type: "message", url, replace: false, canShare: false };
    const userId = body.user.id;
    const person: Person = { userId, workspace: body.team?.id, where: channel };
    await dispatcher.dispatch(
      { key: `${view.id} ${view.hash}`, userId, tell: (message) => tellLater(userId, message, target) },
      // Beside the answers, which are not to wait for a file to come from Slack.
      () =>
        inFileLine(async () => {
          const found = await verifyFor(deps, person, wanted);
          const told = { ...found, files: found.files.map(factsOf) };
          await tellLater(userId, buildFiles(told, new Date(deps.commandDeps.clock())), target);
        }),
    );
  });

  handleScheduleModals(app, deps);

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
