import type { Viewer } from "../domain/viewer.ts";
import { AccessError } from "../errors.ts";
import type { Store } from "../store/open.ts";
import type {
  DeliveryDocument,
  OwnerDocument,
  RunDocument,
  ScheduleDocument,
} from "../store/schedule-documents.ts";

/** Whoever manages schedules: what they may see, and who they are. */
export interface Manager {
  readonly viewer: Viewer;
  readonly owner: OwnerDocument;
}

/** A run with what became of it. */
export interface RunView {
  readonly run: RunDocument;
  readonly deliveries: readonly DeliveryDocument[];
}

/** A schedule with its latest run. */
export interface ScheduleView {
  readonly schedule: ScheduleDocument;
  readonly last: RunView | undefined;
}

/** What schedules are about to do, and which do nothing. */
export interface Agenda {
  readonly count: number;
  /** Those that come next, the earliest first. */
  readonly next: readonly ScheduleDocument[];
  /** Those that are paused, the latest first. */
  readonly paused: readonly ScheduleDocument[];
}

const MOST_SHOWN = 200;

function isSame(one: OwnerDocument, other: OwnerDocument): boolean {
  return (["who", "front", "workspace", "email"] as const).every((key) => one[key] === other[key]);
}

/** Shows schedules and their runs to whoever may see them. */
export function createViews(store: Pick<Store, "schedules" | "runs" | "deliveries">) {
  /** @throws AccessError alike for a schedule that there is not and one that is not theirs */
  async function find(id: string, { viewer, owner }: Manager): Promise<ScheduleDocument> {
    const found = await store.schedules.findOne({ _id: id.toLowerCase() });
    const isTheirs = viewer.sees === "everybody" || (found !== null && isSame(found.owner, owner));
    if (found === null || found.state === "deleted" || !isTheirs) {
      const userMessage = `there is no schedule ${id.slice(0, 20)}; schedules shows those there are`;
      throw new AccessError("no such schedule, or not theirs", { userMessage });
    }
    return found;
  }

  /** The schedules that somebody manages, for the store to find. */
  function theirs({ viewer, owner }: Manager) {
    const { who, front, workspace = null, email = null } = owner;
    const mine = {
      "owner.who": who,
      "owner.front": front,
      // Null finds also what has none.
      "owner.workspace": workspace as string,
      "owner.email": email as string,
    };
    return { ...(viewer.sees === "everybody" ? {} : mine), state: { $ne: "deleted" as const } };
  }

  async function viewRun(run: RunDocument): Promise<RunView> {
    return { run, deliveries: await store.deliveries.find({ run: run._id }).toArray() };
  }

  async function viewSchedule(schedule: ScheduleDocument): Promise<ScheduleView> {
    const last = await store.runs.findOne(
      { schedule: schedule._id, kind: { $ne: "test" } },
      { sort: { createdAt: -1 } },
    );
    return { schedule, last: last ? await viewRun(last) : undefined };
  }

  return {
    find,
    viewRun,

    /** The newest, with their latest runs. */
    async list(manager: Manager): Promise<ScheduleView[]> {
      const found = await store.schedules
        .find(theirs(manager), { sort: { createdAt: -1 }, limit: MOST_SHOWN })
        .toArray();
      return Promise.all(found.map(viewSchedule));
    },

    async view(id: string, manager: Manager): Promise<ScheduleView> {
      return viewSchedule(await find(id, manager));
    },

    /** At most so many of each kind. */
    async agenda(manager: Manager, most: number): Promise<Agenda> {
      const { schedules } = store;
      const mine = theirs(manager);
      const [count, next, paused] = await Promise.all([
        schedules.countDocuments(mine),
        schedules.find({ ...mine, state: "active" }, { sort: { next: 1 }, limit: most }).toArray(),
        schedules.find({ ...mine, state: "paused" }, { sort: { changedAt: -1 }, limit: most }).toArray(),
      ]);
      return { count, next, paused };
    },

    /** Its last runs, the newest first. */
    async history(id: string, manager: Manager, most = 10): Promise<RunView[]> {
      const { _id } = await find(id, manager);
      const runs = await store.runs
        .find({ schedule: _id }, { sort: { createdAt: -1 }, limit: most })
        .toArray();
      return Promise.all(runs.map(viewRun));
    },
  };
}
