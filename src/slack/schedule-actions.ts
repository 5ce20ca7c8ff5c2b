import type { Reply, SchedulesReply } from "../commands/reply.ts";
import { splitWords } from "../domain/words.ts";
import type { SlackMessage } from "../messages/message.ts";
import { buildText } from "../messages/notice.ts";
import { DISMISS, OPEN_FORM, OPEN_LIST, placeIn, type SchedulePlace } from "../messages/schedule-controls.ts";
import { buildSchedules } from "../messages/schedules.ts";
import type { ScheduleDocument } from "../store/schedule-documents.ts";
import { runWords } from "./answer.ts";
import type { Click } from "./click.ts";
import type { Turn } from "./dispatch.ts";
import { isFirst, type Placing, targetOf } from "./place.ts";
import { schedulesTold } from "./schedule-facts.ts";
import { type Beginning, type FormDeps, openScheduleForm } from "./schedule-form.ts";
import { place, type Target } from "./show.ts";

/** What changes what a list or a schedule says, and so takes its place in a message. */
const inPlace = new Set(["pause", "resume", "delete"]);
/** What stands in front of what was clicked, also in a modal. */
const inFront = new Set(["list", "history"]);

const DISMISSED = buildText("All right. /usage schedule sets one up whenever you like.");

/** Does what a control of schedules asks for: the words that it carries, as if they were typed. */
export async function actOnSchedule(
  deps: FormDeps,
  click: Click,
  turn: Turn,
  moved: (target: Target) => void,
): Promise<void> {
  if (!(await isFirst(deps, click))) return;
  const { action, value } = click;
  if (action === OPEN_FORM) return openForm(deps, click, { words: value });
  if (action === DISMISS) return place(deps, DISMISSED, await targetOf(deps, click, "in place"));
  const words = action === OPEN_LIST ? [] : splitWords(value);
  const [deed = "list"] = words;
  if (deed === "edit") {
    const schedule = await runWords(deps, click.person, ["schedules", ...words], async (reply) =>
      toEdit(reply),
    );
    return schedule && openForm(deps, click, { schedule });
  }
  const where = placingOf(click, deed);
  const target = await targetOf(deps, click, where);
  moved(target);
  const message = await turn(() =>
    runWords(deps, click.person, ["schedules", ...words], async (reply, run) => {
      const again = where === "in place" ? wordsOfPlace(placeIn(click.blockId), words) : undefined;
      return messageOf(deps, reply, again && (await run(["schedules", ...again])));
    }),
  );
  await place(deps, message, target);
}

function placingOf({ at, blockId }: Click, deed: string): Placing {
  if (inFront.has(deed)) return "beside";
  if (at.type !== "message") return "in place";
  return inPlace.has(deed) && placeIn(blockId) !== "notice" ? "in place" : "beside";
}

/** The words for what stood where something was done, so that it stands there again. */
function wordsOfPlace(
  where: SchedulePlace | undefined,
  [deed, id = ""]: readonly string[],
): readonly string[] | undefined {
  if (where === "list") return [];
  return where === "one" && deed !== "delete" ? [id] : undefined;
}

/** What was done, above what stands there again. */
function messageOf({ commandDeps }: FormDeps, done: Reply, again: Reply | undefined): SlackMessage {
  const now = new Date(commandDeps.clock());
  const told = (reply: SchedulesReply) => buildSchedules(schedulesTold(reply, now));
  const title = done.type === "schedules" ? done.title : done.type === "text" ? done.text : "";
  if (again?.type === "schedules") return told({ ...again, title });
  return done.type === "schedules" ? told(done) : buildText(title);
}

function toEdit(reply: Reply): ScheduleDocument | undefined {
  return reply.type === "form" && reply.form === "schedule" ? reply.schedule : undefined;
}

function openForm(deps: FormDeps, { person, triggerId, at }: Click, beginning: Beginning): Promise<void> {
  const trigger = { id: triggerId, isInModal: at.type === "modal" };
  return openScheduleForm(deps, person, trigger, beginning, {
    channel: person.where,
    // A modal or the Home tab has no conversation to say it in.
    ...(at.type === "message" ? { url: at.url } : {}),
    ...("schedule" in beginning ? { id: beginning.schedule._id } : {}),
  });
}
