import { DEFAULT_ZONE } from "../domain/calendar.ts";
import type { Report } from "../domain/report.ts";
import { parseRequest, type ReportName, type ReportRequest, reportForms } from "../domain/request.ts";
import type { Viewer } from "../domain/viewer.ts";
import { AppError, UsageError } from "../errors.ts";
import { createContext, type ReportContext } from "../reports/context.ts";
import { buildReport } from "../reports/index.ts";
import { checkAudience, viewerOfCall } from "./audience.ts";
import { catchUp } from "./catch-up.ts";
import type { Command, CommandDeps, CommandOptions, Front } from "./command.ts";

/** The subcommand that answers with a report of that name. */
export function reportCommand(name: ReportName): Command {
  return {
    ...reportForms[name],
    where: "everywhere",
    needs: "store",
    async run(words, deps, options) {
      const request = parseRequest(name, words);
      return { type: "report", report: await answer(request, deps, { ...options, tellsReasons: true }) };
    },
  };
}

/**
 * The report that a request asks for, as the viewer of the options may see it, once what an interrupted import left
 * behind is put right.
 * @throws AccessError where it is not the viewer's to see; UsageError when the request means no period or nobody
 */
export async function answer(
  request: ReportRequest,
  deps: CommandDeps,
  options: CommandOptions = {},
): Promise<Report> {
  const viewer = viewerOfCall(options, deps.front);
  checkAudience(reportForms[request.report].audience, viewer, deps.front);
  const unfinished = await catchUp(deps);
  const context = await createContext(deps.store, {
    // Of oneself one sees that alone, whatever else one may see.
    viewer: request.report === "me" ? { sees: "self", email: viewer.email } : viewer,
    now: options.now ?? deps.clock(),
    zone: options.zone ?? deps.zone ?? DEFAULT_ZONE,
    rule: deps.rule,
    tellsReasons: options.tellsReasons ?? false,
  });
  if (request.report === "me") checkMe(context, viewer, deps.front);
  const report = await buildReport(context, request);
  const { timeZone } = context.calendar;
  const wanted = options.zone ?? deps.zone;
  const notes = [...report.notes];
  if (wanted !== undefined && timeZone !== wanted)
    notes.push(`days are those of ${timeZone}; “rebuild” makes them those of ${wanted}`);
  if (unfinished) notes.push("an import is under way, so the numbers may grow");
  return { ...report, notes };
}

/** @throws AppError with what may help, unless the context knows exactly the one person who asks */
function checkMe({ everybody }: ReportContext, { email }: Viewer, front: Front): void {
  if (everybody.length === 1) return;
  if (front === "terminal" && email === undefined) throw new UsageError("me needs --as EMAIL in a terminal");
  const help = front === "slack" ? "; an administrator may ask with /usage user NAME" : "";
  const whose = front === "slack" ? "your e-mail" : "the e-mail";
  const reason =
    email === undefined
      ? "Slack does not tell me your e-mail, so I do not know who you are in the vault"
      : everybody.length === 0
        ? `the vault knows nobody with ${whose} ${email}`
        : `the vault knows several people with ${whose} ${email}`;
  throw new AppError("nobody to report about", { userMessage: `${reason}${help}` });
}
