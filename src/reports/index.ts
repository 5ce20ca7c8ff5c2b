import type { Report } from "../domain/report.ts";
import type { ReportName, ReportRequest } from "../domain/request.ts";
import type { ReportContext } from "./context.ts";
import { buildInactive } from "./inactive.ts";
import { buildOverview } from "./overview.ts";
import { buildUser } from "./user.ts";

type Builders = {
  readonly [R in ReportName]: (
    context: ReportContext,
    request: Extract<ReportRequest, { report: R }>,
  ) => Promise<Report>;
};

/** The reports there are. */
const reports: Builders = {
  overview: buildOverview,
  users: buildOverview,
  user: buildUser,
  me: buildUser,
  inactive: buildInactive,
};

/** @throws UsageError when the request means no period or nobody */
export function buildReport(context: ReportContext, request: ReportRequest): Promise<Report> {
  const build = reports[request.report] as (
    context: ReportContext,
    request: ReportRequest,
  ) => Promise<Report>;
  return build(context, request);
}
