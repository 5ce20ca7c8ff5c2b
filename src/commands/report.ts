import { DEFAULT_ZONE } from "../domain/calendar.ts";
import type { Report } from "../domain/report.ts";
import { parseRequest, type ReportName, type ReportRequest, reportForms } from "../domain/request.ts";
import { createContext } from "../reports/context.ts";
import { buildReport } from "../reports/index.ts";
import { catchUp } from "./catch-up.ts";
import type { Command, CommandDeps, CommandOptions } from "./command.ts";

/** The subcommand that answers with a report of that name. */
export function reportCommand(name: ReportName): Command {
  return {
    ...reportForms[name],
    where: "everywhere",
    async run(words, deps, options) {
      const request = parseRequest(name, words);
      return { type: "report", report: await answer(request, deps, options) };
    },
  };
}

/** The report that a request asks for, once what an interrupted import left behind is put right. */
export async function answer(
  request: ReportRequest,
  deps: CommandDeps,
  options: CommandOptions = {},
): Promise<Report> {
  const unfinished = await catchUp(deps);
  const context = await createContext(deps.store, {
    now: options.now ?? deps.clock(),
    zone: options.zone ?? deps.zone ?? DEFAULT_ZONE,
    rule: deps.rule,
  });
  const report = await buildReport(context, request);
  const { timeZone } = context.calendar;
  const wanted = options.zone ?? deps.zone;
  const notes = [...report.notes];
  if (wanted !== undefined && timeZone !== wanted)
    notes.push(`days are those of ${timeZone}; “rebuild” makes them those of ${wanted}`);
  if (unfinished) notes.push("an import is under way, so the numbers may grow");
  return { ...report, notes };
}
