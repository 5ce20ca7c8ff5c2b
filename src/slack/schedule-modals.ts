import type { App } from "@slack/bolt";
import { z } from "zod";
import { requireAudience } from "../commands/index.ts";
import { managerOf } from "../commands/schedule.ts";
import { splitWords } from "../domain/words.ts";
import { AppError } from "../errors.ts";
import type { SlackMessage } from "../messages/message.ts";
import { modalIds } from "../messages/modal.ts";
import { buildErrorMessage, buildText } from "../messages/notice.ts";
import { buildPreviewModal, buildPreviewNotice } from "../messages/schedule-preview.ts";
import { buildSchedules } from "../messages/schedules.ts";
import { formatPlan } from "../schedules/words.ts";
import { claim, disclaim } from "../store/claims.ts";
import { kept, ownerOf, type Person, runWords, withViewer } from "./answer.ts";
import type { Dispatcher, Turn } from "./dispatch.ts";
import { createModalAnswer, type ModalAnswer } from "./modal-answer.ts";
import { previewTold, schedulesTold } from "./schedule-facts.ts";
import { type FormDeps, type FormNote, formNote } from "./schedule-form.ts";
import { readForm } from "./schedule-read.ts";
import { isShared, tell } from "./show.ts";

interface ModalDeps extends FormDeps {
  readonly dispatcher: Dispatcher;
}

/** The preview remembers the words of the schedule as well. */
const previewNote = formNote.extend({ words: z.string() });
const LOADING = buildPreviewNotice(buildText("Looking at what it would send…"));
/** Milliseconds for which a preview that was saved is not saved again. */
const SAVED = 86_400_000;

/** Takes the submissions of the form and of its preview. */
export function handleScheduleModals(app: App, deps: ModalDeps): void {
  const { dispatcher } = deps;

  app.view(modalIds.schedule, async ({ ack, body, view }) => {
    const person: Person = { userId: body.user.id, workspace: body.team?.id, where: "modal" };
    const answer = createModalAnswer((response) => ack(response), deps.client, LOADING);
    const say = (message: SlackMessage) => answer.show(buildPreviewNotice(message));
    // A form may be submitted again as it is, after going back to it.
    await dispatcher.dispatch({ key: "", userId: person.userId, tell: say }, (turn) =>
      turn(() => preview(deps, person, view, answer)),
    );
  });

  app.view(modalIds.schedulePreview, async ({ ack, body, view }) => {
    await ack({ response_action: "clear" });
    const userId = body.user.id;
    const { words, ...note } = previewNote.parse(JSON.parse(view.private_metadata));
    const person: Person = { userId, workspace: body.team?.id, where: note.channel };
    const say = (message: SlackMessage) => tellWhere(deps, userId, message, note);
    await dispatcher.dispatch({ key: `${view.id} ${view.hash}`, userId, tell: say }, async (turn) => {
      const message = await save(deps, person, { key: `save ${view.id}`, words, id: note.id }, turn);
      if (message) await say(message);
    });
  });
}

/** Shows what the form would do, or what is wrong with it. */
async function preview(
  deps: ModalDeps,
  person: Person,
  view: { readonly private_metadata: string },
  answer: ModalAnswer,
): Promise<void> {
  const note = formNote.parse(JSON.parse(view.private_metadata));
  const shown = await withViewer(deps, person, async (viewer) => {
    const { commandDeps } = deps;
    requireAudience("schedule", viewer, commandDeps);
    const schedules = await commandDeps.schedules();
    const manager = managerOf({ viewer, owner: ownerOf(person, viewer) }, commandDeps);
    if (note.id !== undefined) await schedules.find(note.id, manager);
    const read = await readForm(view, schedules, manager);
    if ("errors" in read) return read;
    const words = formatPlan(read.plan);
    return kept(deps, person, "click", `preview of ${words}`, async (told) => {
      told(viewer);
      try {
        return { words, seen: await schedules.preview(read.plan, manager) };
      } catch (error) {
        // What is left to be wrong is what is asked for.
        if (!(error instanceof AppError) || error.userMessage === undefined) throw error;
        return { errors: { report: error.userMessage } };
      }
    });
  });
  if ("errors" in shown) {
    const all = Object.values(shown.errors).join(" ");
    return answer.refuse(shown.errors, buildPreviewNotice(buildErrorMessage(all)));
  }
  const { seen, words } = shown;
  await answer.show(buildPreviewModal(previewTold(seen), JSON.stringify({ ...note, words })));
}

/** Sets up what was previewed, once; gives what is to be said of it. */
async function save(
  deps: ModalDeps,
  person: Person,
  { key, words, id }: { readonly key: string; readonly words: string; readonly id: string | undefined },
  turn: Turn,
): Promise<SlackMessage | undefined> {
  const { store, clock } = deps.commandDeps;
  if (!(await claim(store, key, { now: Date.now(), lifetime: SAVED }))) return undefined;
  const begin = id === undefined ? ["schedule"] : ["schedules", "edit", id];
  try {
    return await turn(() =>
      runWords(deps, person, [...begin, ...splitWords(words)], async (reply) =>
        reply.type === "schedules" ? buildSchedules(schedulesTold(reply, new Date(clock()))) : undefined,
      ),
    );
  } catch (error) {
    await disclaim(store, key);
    throw error;
  }
}

/** Says it where the form was asked for, to that person alone; else, or once that is too late, in a direct message. */
async function tellWhere(
  deps: ModalDeps,
  userId: string,
  message: SlackMessage,
  { url, channel }: FormNote,
): Promise<void> {
  const post = () => deps.publisher.post(userId, () => message).then(() => undefined);
  if (url === undefined || !isShared(channel)) return post();
  await tell(deps, message, { type: "message", url, replace: false, canShare: false }).catch(post);
}
