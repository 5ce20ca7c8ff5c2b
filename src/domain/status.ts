import { DAY } from "./calendar.ts";

export const statuses = ["active", "passive", "inactive"] as const;
export type Status = (typeof statuses)[number];

/** Status is never told by colour alone. */
export const statusMarks: Record<Status, string> = { active: "●", passive: "◐", inactive: "○" };

export const statusTitles: Record<Status, string> = {
  active: "Active",
  passive: "Passive",
  inactive: "Inactive",
};

/** After how many days a person stops to be active, and begins to be inactive. */
export interface StatusRule {
  readonly activeDays: number;
  readonly inactiveDays: number;
}

/** A person's last moments, in milliseconds since the epoch; null for never. */
export interface LastActivity {
  /** The last event that is no failed login. */
  readonly lastActive: number | null;
  /** The last event that did something with the vault (`valueKinds`). */
  readonly lastValue: number | null;
}

/** A person's status at the moment `asOf`; DESIGN.md, "Activity status". */
export function statusOf(person: LastActivity, asOf: number, rule: StatusRule): Status {
  if (person.lastValue !== null && asOf - person.lastValue <= rule.activeDays * DAY) return "active";
  if (person.lastActive === null || asOf - person.lastActive > rule.inactiveDays * DAY) return "inactive";
  return "passive";
}
