import type { HomeView } from "@slack/types";
import { managerOf } from "../commands/schedule.ts";
import type { Report, Row } from "../domain/report.ts";
import type { ReportRequest } from "../domain/request.ts";
import type { Viewer } from "../domain/viewer.ts";
import { AppError } from "../errors.ts";
import { mainTable } from "../messages/grid.ts";
import { buildHome, buildOwnHome, emptyHome } from "../messages/home.ts";
import { uploadPictures } from "../slack-api/pictures.ts";
import { type AnswerDeps, answerAsked, ownerOf, type Person, withViewer } from "./answer.ts";
import type { Turn } from "./dispatch.ts";
import { agendaTold } from "./schedule-facts.ts";

const PERIOD = "last 30 days";

/** The Home tab of a person; `build` makes it with or without the picture of its trend. */
interface Content {
  readonly picturesOf: Report | undefined;
  build(picture: string | undefined): HomeView;
}

/**
 * Publishes a person's Home tab. The first time something stands there at once; the figures never wait for the
 * picture. `hash` is that of what stands there already: where somebody else was quicker, theirs stays.
 */
export async function refreshHome(
  deps: AnswerDeps,
  person: Person,
  hash: string | undefined,
  turn: Turn,
): Promise<void> {
  const { publisher } = deps;
  const publish = (view: HomeView, after: string | undefined) =>
    publisher.publishHome(person.userId, view, after);
  const first = hash === undefined ? await publish(emptyHome, undefined) : { hash };
  if (first === false) return;
  const { content, drawing } = await turn(async () => {
    const content = await withViewer(deps, person, (viewer) => contentFor(deps, person, viewer));
    // Drawn outside of the turn: others need not wait for it.
    return { content, drawing: content.picturesOf && pictureOf(deps, content.picturesOf) };
  });
  const plain = await publish(content.build(undefined), first.hash);
  const picture = await drawing;
  if (plain !== false && picture !== undefined) await publish(content.build(picture), plain.hash);
}

async function pictureOf(deps: AnswerDeps, report: Report): Promise<string | undefined> {
  const trend = report.charts.filter((chart) => chart.id === "trend");
  return (await uploadPictures(deps, report, trend)).trend;
}

async function contentFor(deps: AnswerDeps, person: Person, viewer: Viewer): Promise<Content> {
  const at = deps.commandDeps.clock();
  const ask = async (request: ReportRequest): Promise<Report> =>
    (await answerAsked(deps, person, { request, at }, "home")).report;
  const now = new Date(at);
  if (viewer.sees === "self") {
    try {
      const report = await ask({ report: "me", period: PERIOD });
      return { picturesOf: report, build: (picture) => buildOwnHome({ report, picture }, now) };
    } catch (error) {
      if (!(error instanceof AppError) || error.userMessage === undefined) throw error;
      const { userMessage } = error;
      return { picturesOf: undefined, build: () => buildOwnHome(userMessage, now) };
    }
  }
  const manager = managerOf({ viewer, owner: ownerOf(person, viewer) }, deps.commandDeps);
  const [today, month, inactive, agenda] = await Promise.all([
    ask({ report: "overview", period: "today" }),
    ask({ report: "overview", period: PERIOD }),
    ask({ report: "inactive", period: PERIOD }),
    deps.commandDeps.schedules().then((schedules) => schedules.agenda(manager, MOST_SCHEDULES)),
  ]);
  const quiet = await quietest(inactive);
  return {
    picturesOf: month,
    build: (picture) =>
      buildHome({ now, today, month, inactive, quiet, picture, schedules: agendaTold(agenda) }),
  };
}

const MOST_QUIET = 5;
const MOST_SCHEDULES = 3;

/** Those who stopped, the latest first. */
async function quietest(inactive: Report): Promise<Row[]> {
  const quiet: Row[] = [];
  for await (const row of mainTable(inactive)?.rows() ?? []) {
    if (row.group === "quiet") quiet.push(row);
    if (quiet.length >= MOST_QUIET) break;
  }
  return quiet;
}
