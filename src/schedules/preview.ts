import { readTarget } from "../delivery/index.ts";
import { slotsAfter } from "../domain/recurrence.ts";
import { type Target, targetKey } from "../domain/target.ts";
import { UsageError } from "../errors.ts";
import { formats } from "../render/formats.ts";
import type { OwnerDocument } from "../store/schedule-documents.ts";
import { isEmptyReport } from "./contents.ts";
import type { RunDeps } from "./deps.ts";
import { reasonOf } from "./policy.ts";
import type { Manager } from "./views.ts";
import type { Plan } from "./words.ts";

/** What a plan would do, for whoever makes it. */
export interface Preview {
  readonly plan: Plan;
  readonly targets: readonly { readonly target: Target; readonly why: string; readonly isAllowed: boolean }[];
  /** Milliseconds since the epoch. */
  readonly next: readonly number[];
  /** Of the report as of now. */
  readonly title: string;
  readonly rows: number;
  readonly isEmpty: boolean;
}

const SHOWN_RUNS = 3;

/** The Slack id of somebody, if they have one. */
export const slackIdOf = ({ front, who }: OwnerDocument): string | undefined =>
  front === "slack" ? who : undefined;

/** Says what plans would do. */
export function createPreviews({ channels, clock, answer }: Pick<RunDeps, "channels" | "clock" | "answer">) {
  /** What typed or chosen targets mean; none means whoever typed them. @throws UsageError with what would be right */
  async function targetsOf(plan: Pick<Plan, "targets">, owner: OwnerDocument): Promise<Target[]> {
    const words = plan.targets.length > 0 ? plan.targets : ["me"];
    const found = await Promise.all(words.map((word) => readTarget(channels, word, slackIdOf(owner))));
    return [...new Map(found.map((target) => [targetKey(target), target])).values()];
  }

  async function preview(plan: Plan, manager: Manager): Promise<Preview> {
    const targets = await targetsOf(plan, manager.owner);
    const checked = targets.map(async (target) => {
      try {
        const why = (await channels[target.channel]?.check(target)) ?? "not set up";
        return { target, why, isAllowed: true };
      } catch (error) {
        return { target, why: reasonOf(error), isAllowed: false };
      }
    });
    const now = clock();
    const report = await answer(plan.request, { viewer: manager.viewer, now });
    for (const name of plan.formats) {
      if (!formats[name].fits(report))
        throw new UsageError(`there is nothing in this report for a ${formats[name].title}`);
    }
    return {
      plan,
      targets: await Promise.all(checked),
      next: slotsAfter(plan.rule, plan.zone, now, SHOWN_RUNS),
      title: `${report.title}, ${report.period.label}`,
      rows: Object.values(report.tables).reduce((sum, { total }) => sum + total, 0),
      isEmpty: isEmptyReport(report),
    };
  }

  return { targetsOf, preview };
}
