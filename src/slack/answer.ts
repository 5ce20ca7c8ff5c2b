import { createHash } from "node:crypto";
import type { Logger } from "pino";
import type { CommandDeps } from "../commands/command.ts";
import { runCommand } from "../commands/index.ts";
import { createCalendar } from "../domain/calendar.ts";
import type { Chart, ChartId, Report } from "../domain/report.ts";
import { splitWords } from "../domain/words.ts";
import { topRows } from "../messages/grid.ts";
import { buildText } from "../messages/notice.ts";
import { buildMessage } from "../messages/report.ts";
import type { Gate } from "./access.ts";
import type { ChartRenderer } from "./chart-renderer.ts";
import { readTyped } from "./identity.ts";
import { errorFacts } from "./log.ts";
import type { Responder } from "./respond.ts";
import type { Uploader } from "./upload.ts";
import type { SlackUsers } from "./users.ts";

/** What answering takes. */
export interface AnswerDeps {
  readonly commandDeps: CommandDeps;
  readonly users: SlackUsers;
  readonly gate: Gate;
  readonly charts: ChartRenderer;
  readonly uploader: Uploader;
  readonly responder: Responder;
  readonly logger: Logger;
}

/** A typed slash command, as far as it matters. */
interface TypedCommand {
  readonly userId: string;
  readonly text: string;
  readonly responseUrl: string;
}

const ROWS = { overview: 10, users: 20, user: 10 } as const;
const OPEN_TO_ALL = "help";

/** Answers a typed command. Throws what is to be told: UsageError, AccessError, or anything unexpected. */
export async function answerCommand(deps: AnswerDeps, command: TypedCommand): Promise<void> {
  const { commandDeps, users, gate, responder } = deps;
  let text = command.text;
  // What is open to all looks nobody up: an e-mail is for those alone who pass the gate.
  if (splitWords(text)[0]?.toLowerCase() !== OPEN_TO_ALL) {
    await gate(command.userId);
    text = await readTyped(text, users);
  }
  const reply = await runCommand(splitWords(text), commandDeps);
  if (reply.type === "report") return answerReport(deps, command, reply.report);
  await responder.respond(command.responseUrl, () => buildText(reply.text));
}

async function answerReport(deps: AnswerDeps, { responseUrl }: TypedCommand, report: Report): Promise<void> {
  const [rows, files] = await Promise.all([topRows(report, ROWS[report.report]), uploadCharts(deps, report)]);
  const now = new Date(deps.commandDeps.clock());
  const taken = await deps.responder.respond(responseUrl, (form) =>
    buildMessage(report, { now, rows, files: form.images ? files : {}, plainTable: !form.table }),
  );
  if (!taken.images) for (const file of Object.values(files)) deps.uploader.forget(file);
}

/** The uploaded pictures of the report's charts. One that fails is left out: the numbers matter more. */
async function uploadCharts(deps: AnswerDeps, report: Report): Promise<Partial<Record<ChartId, string>>> {
  const { period, asOf } = report;
  const uploaded = await Promise.all(
    report.charts.map(async (chart): Promise<[ChartId, string][]> => {
      try {
        const picture = {
          key: pictureKey(chart, report),
          name: `${chart.id}-${period.from}-${period.to}.png`,
          title: chart.title,
          draw: () => deps.charts.png(chart, { period, asOf }),
        };
        return [[chart.id, await deps.uploader.upload(picture)]];
      } catch (error) {
        deps.logger.warn({ err: errorFacts(error), chart: chart.id }, "a chart is left out of an answer");
        return [];
      }
    }),
  );
  return Object.fromEntries(uploaded.flat());
}

/**
 * The same for reports whose pictures look the same. Of `asOf` a picture shows only the day, so a report asked for
 * again later that day finds the picture it had, as long as its numbers are the same.
 */
function pictureKey(chart: Chart, { period, asOf }: Report): string {
  const day = createCalendar(period.timeZone).dayOf(asOf.getTime());
  return createHash("sha256")
    .update(JSON.stringify([chart, period, day]))
    .digest("base64");
}
