import type { WebClient } from "@slack/web-api";
import { findFile } from "../commands/files.ts";
import { type Asked, parseAsked } from "../domain/asked.ts";
import { formatRequest, readRequest } from "../domain/request.ts";
import { AppError } from "../errors.ts";
import { askedIn, controlIds, PICK_DATES } from "../messages/controls.ts";
import { FETCH } from "../messages/files.ts";
import { buildText } from "../messages/notice.ts";
import { SCHEDULE_ACTION } from "../messages/schedule-controls.ts";
import { formatOf } from "../render/formats.ts";
import { disclaim } from "../store/claims.ts";
import { answerAsked, kept, ownerOf, withViewer } from "./answer.ts";
import type { Click } from "./click.ts";
import { openDates } from "./dates.ts";
import type { Turn } from "./dispatch.ts";
import { bring, deliverReport, type ExportDeps, inFileLine } from "./export.ts";
import type { Newest } from "./newest.ts";
import { beside, clickKey, isFirst, type Placing, placeOf, targetOf } from "./place.ts";
import { actOnSchedule } from "./schedule-actions.ts";
import { type ShareDeps, share } from "./share.ts";
import { show, type Target, tell } from "./show.ts";

export interface ActionDeps extends ShareDeps, ExportDeps {
  readonly client: WebClient;
  readonly newest: Newest;
}

/** What a control asks for, and whether in the place of what is shown or beside it. */
interface Plan {
  readonly asked: Asked;
  readonly where: Placing;
}

/** By the control's name; those that ask for another report share one entry. */
const plans: Readonly<Record<string, (shown: Asked, value: string, now: number) => Plan>> = {
  [controlIds.period]: ({ request }, period, now) => ({
    asked: { request: { ...request, period }, at: now, page: 0 },
    where: "in place",
  }),
  [controlIds.back]: turnPage,
  [controlIds.next]: turnPage,
  [controlIds.person]: ({ request: { period }, at }, user) => ({
    asked: { request: { report: "user", period, user }, at, page: 0 },
    where: "beside",
  }),
  open: ({ at }, words) => ({ asked: { request: readRequest(words), at, page: 0 }, where: "beside" }),
};

function turnPage(shown: Asked, page: string): Plan {
  return { asked: { ...shown, page: Number(page) }, where: "in place" };
}

/**
 * Does what a click asks for. `moved` is told where the answer will stand, for whoever has to tell what went wrong.
 * A double click does one thing, and of two clicks in one process that change the same message the later one stays.
 */
export async function act(
  deps: ActionDeps,
  click: Click,
  turn: Turn,
  moved: (target: Target) => void,
): Promise<void> {
  if (click.action === FETCH) return fetchAgain(deps, click, turn);
  if (click.action.startsWith(SCHEDULE_ACTION)) return actOnSchedule(deps, click, turn, moved);
  const shown = parseAsked(askedIn(click.blockId));
  if (click.action === controlIds.export) return exportShown(deps, click, shown, turn);
  if (click.action === controlIds.share) {
    if (!(await isFirst(deps, click))) return;
    return share(deps, click, shown, turn).catch(async (error: unknown) => {
      // Whoever is told that it failed may click again at once.
      await disclaim(deps.commandDeps.store, clickKey(click));
      throw error;
    });
  }
  if (click.action === controlIds.period && click.value === PICK_DATES) {
    if (await isFirst(deps, click)) await openDates(deps, click, shown);
    return;
  }
  const plan = plans[click.action.replace(/^open_.*/, "open")];
  if (plan === undefined) throw new AppError(`there is no control ${click.action}`);
  const { asked, where } = plan(shown, click.value, deps.commandDeps.clock());
  // In place, twice the same is the same.
  if (where === "beside" && !(await isFirst(deps, click))) return;
  const isNewest = where === "in place" ? deps.newest(placeOf(click)) : () => true;
  const target = await targetOf(deps, click, where);
  moved(target);
  await turn(async () => {
    if (!isNewest()) return;
    const { report } = await answerAsked(deps, click.person, asked, "click");
    await show(deps, report, asked, { ...target, isWanted: isNewest });
  });
}

/** Makes a file of what is shown. */
async function exportShown(deps: ActionDeps, click: Click, shown: Asked, turn: Turn): Promise<void> {
  const format = formatOf(click.value);
  if (!(await isFirst(deps, click))) return;
  const { person } = click;
  const what = `${formatRequest(shown.request)} as ${format}`;
  const { report, owner } = await turn(() => answerAsked(deps, person, shown, "click", what));
  await deliverReport(deps, person, { report, format, owner }, beside(click));
}

/** Brings a file of the archive again, if it is still theirs. */
async function fetchAgain(deps: ActionDeps, click: Click, turn: Turn): Promise<void> {
  if (!(await isFirst(deps, click))) return;
  const { person, value } = click;
  const file = await turn(() =>
    kept(deps, person, "fetch", value, (told) =>
      withViewer(deps, person, async (viewer) => {
        told(viewer);
        return findFile(deps.commandDeps.store, value, ownerOf(person, viewer));
      }),
    ),
  );
  await inFileLine(() => bring(deps, person, file));
  await (await deps.commandDeps.schedules()).noteFetched(file);
  await tell(deps, buildText("It is in your direct messages with me."), beside(click));
}
