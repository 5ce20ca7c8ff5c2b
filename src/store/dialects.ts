import type { Calendar } from "../domain/calendar.ts";
import type { Told } from "../domain/dialects.ts";
import type { Store } from "./open.ts";

/**
 * What was imported, or came by itself, in other dialects of the source on days of `next`: for each dialect, all such
 * imports as one.
 */
export async function readOtherDialects(
  store: Pick<Store, "imports" | "feeds">,
  { source, dialect, from, to }: Told,
  calendar: Calendar,
): Promise<Told[]> {
  const other = { source, dialect: { $exists: true, $ne: dialect } };
  const earliest = { $lte: new Date(calendar.endOf(to)) };
  const latest = { $gte: new Date(calendar.startOf(from)) };
  const imported = await store.imports
    .aggregate<{ _id: string; from: Date; to: Date }>([
      { $match: { ...other, from: earliest, to: latest } },
      { $group: { _id: "$dialect", from: { $min: "$from" }, to: { $max: "$to" } } },
      { $sort: { _id: 1 } },
    ])
    .toArray();
  const fed = await store.feeds.find({ ...other, from: earliest, to: latest }).toArray();
  const told = (name?: string, first?: Date, last?: Date): Told[] =>
    name === undefined || first === undefined || last === undefined
      ? []
      : [
          {
            source,
            dialect: name,
            from: calendar.dayOf(first.getTime()),
            to: calendar.dayOf(last.getTime()),
          },
        ];
  return [
    ...imported.flatMap((each) => told(each._id, each.from, each.to)),
    ...fed.flatMap((each) => told(each.dialect, each.from, each.to)),
  ];
}
