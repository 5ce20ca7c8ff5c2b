import { buildFiles } from "../messages/files.ts";
import { buildVerifyModal } from "../messages/modal.ts";
import { buildText } from "../messages/notice.ts";
import { buildSchedules } from "../messages/schedules.ts";
import { type Person, replyTo } from "./answer.ts";
import type { Turn } from "./dispatch.ts";
import { deliverReport, type ExportDeps, factsOf } from "./export.ts";
import { schedulesTold } from "./schedule-facts.ts";
import { type FormDeps, openScheduleForm } from "./schedule-form.ts";
import { show, type Target, tell } from "./show.ts";
import type { VerifyNote } from "./verify.ts";

/** The words that a form answers. */
const OPENS_FORM = /^\s*(?:verify|schedule|schedules\s+edit\s+\S+)\s*$/i;

/** Answers a typed command. */
export async function answerCommand(
  deps: ExportDeps & FormDeps,
  person: Person,
  { text, triggerId }: { readonly text: string; readonly triggerId: string },
  target: Extract<Target, { type: "message" }>,
  turn: Turn,
): Promise<void> {
  const at = deps.commandDeps.clock();
  // Slack waits three seconds for a form, however many wait for answers.
  const inTurn: Turn = OPENS_FORM.test(text) ? (task) => task() : turn;
  const { reply, owner } = await inTurn(async () => {
    const replied = await replyTo(deps, person, text, at);
    if (replied.reply.type === "report") await show(deps, replied.reply.report, { at, page: 0 }, target);
    return replied;
  });
  switch (reply.type) {
    case "report":
      return;
    case "export":
      return deliverReport(deps, person, { ...reply, owner }, target);
    case "files": {
      const told = { ...reply, files: reply.files.map(factsOf) };
      return tell(deps, buildFiles(told, new Date(at)), target);
    }
    case "form": {
      const note: VerifyNote = { url: target.url, channel: person.where };
      if (reply.form === "schedule") {
        const { schedule } = reply;
        const beginning = schedule ? { schedule } : { words: "overview last week" };
        const trigger = { id: triggerId, isInModal: false };
        return openScheduleForm(deps, person, trigger, beginning, {
          ...note,
          ...(schedule && { id: schedule._id }),
        });
      }
      await deps.client.views.open({ trigger_id: triggerId, view: buildVerifyModal(JSON.stringify(note)) });
      return;
    }
    case "schedules":
      return tell(deps, buildSchedules(schedulesTold(reply, new Date(at))), target);
    case "text":
    case "imports":
      return tell(deps, buildText(reply.text), target);
  }
}
