import { type Metric, metrics } from "../domain/metrics.ts";
import { type Status, type StatusRule, statusTitles } from "../domain/status.ts";
import { orList, plural } from "../domain/words.ts";

export interface Definition {
  readonly term: string;
  readonly meaning: string;
}

/** What makes a person active. */
const valueActions = orList(["accessed a password", "had one filled in", "connected", "added an account"]);

/** What each metric counts and each status means; the statuses with their days where the rule is known. */
export function buildDefinitions(rule: StatusRule | undefined): Definition[] {
  const within = rule ? `in the last ${plural(rule.activeDays, "day")}` : "of late";
  const silence = rule ? `for more than ${plural(rule.inactiveDays, "day")}` : "for long";
  const meanings: Record<Status, string> = {
    active: `Somebody who ${valueActions} ${within}, seen from the moment that the document is as of.`,
    passive: "Everybody else, such as those who sign in and do no more.",
    inactive: `Somebody who did nothing ${silence}, or never did; failed sign-ins do not count, and neither do people who left.`,
  };
  return [
    ...Object.values<Metric>(metrics).map(({ title, definition }) => ({ term: title, meaning: definition })),
    ...(Object.keys(meanings) as Status[]).map((status) => ({
      term: statusTitles[status],
      meaning: meanings[status],
    })),
  ];
}
