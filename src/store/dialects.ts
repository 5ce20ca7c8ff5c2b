import type { Calendar } from "../domain/calendar.ts";
import type { Told } from "../domain/dialects.ts";
import type { Store } from "./open.ts";

/** What was imported in other dialects of the source on days of `next`: for each dialect, all such imports as one. */
export async function readOtherDialects(
  store: Pick<Store, "imports">,
  { source, dialect, from, to }: Told,
  calendar: Calendar,
): Promise<Told[]> {
  const found = await store.imports
    .aggregate<{ _id: string; from: Date; to: Date }>([
      {
        $match: {
          source,
          dialect: { $exists: true, $ne: dialect },
          from: { $lte: new Date(calendar.endOf(to)) },
          to: { $gte: new Date(calendar.startOf(from)) },
        },
      },
      { $group: { _id: "$dialect", from: { $min: "$from" }, to: { $max: "$to" } } },
      { $sort: { _id: 1 } },
    ])
    .toArray();
  return found.map((each) => ({
    source,
    dialect: each._id,
    from: calendar.dayOf(each.from.getTime()),
    to: calendar.dayOf(each.to.getTime()),
  }));
}
