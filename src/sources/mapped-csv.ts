import { oneLine } from "../domain/format.ts";
import { orList } from "../domain/words.ts";
import { SourceError } from "../errors.ts";
import { type ColumnMap, columnsOf, meant } from "./column-map.ts";
import { accountOf, emailOf, idOf, nameOf } from "./fields.ts";
import { timeOf } from "./map-time.ts";
import type { EventDraft, Fields, Form, Source } from "./source.ts";
import { Rejection, SOURCE_ZONE } from "./source.ts";
import { readTables } from "./table.ts";

/** Any log at all, as long as somebody says what its columns mean. Recognised by nothing but its map. */
export const mappedCsv: Source = {
  title: "CSV with a column map",
  describe: "any other CSV, with a column map (--map)",
  forms: [],
};

/** The form that a map describes. */
export function mappedForm(map: ColumnMap): Form {
  const columns = columnsOf(map);
  const kinds = new Map(Object.entries(map.kind.values).map(([value, kind]) => [value.trim(), kind]));

  const translate = (fields: Fields): EventDraft => {
    const of = (column: string | undefined): unknown => (column === undefined ? undefined : fields[column]);
    const user = idOf(of(map.user), "user");
    const email = emailOf(of(map.email)) ?? emailOf(user);
    // An e-mail is the same account however it is spelled.
    const account = emailOf(user) ?? user ?? email;
    if (account === undefined) throw new Rejection("no user");
    const word = String(of(map.kind.column) ?? "").trim();
    const known = kinds.get(word);
    const kind = known ?? "other";
    const id = idOf(of(map.id), "id");
    const session = idOf(of(map.session), "session");
    const device = idOf(of(map.device), "device");
    const item = idOf(of(map.item), "item");
    return {
      type: "event",
      time: timeOf(of(map.at), map.timeFormat),
      zone: map.timeZone ?? SOURCE_ZONE,
      kind,
      unknown: known === undefined ? word : undefined,
      account: accountOf(account, { email, name: nameOf(of(map.name)) }),
      session,
      device,
      id,
      trace: id === undefined ? [word, kind, account, item, of(map.at), session, device] : [],
    };
  };
  return {
    cut: "csv",
    recognises: (fields) => columns.every((name) => Object.hasOwn(fields, name)),
    translate,
  };
}

/** What is wrong with an input that has not all columns of the map. */
export function missingColumn(head: string, name: string, map: ColumnMap): SourceError {
  const wanted = columnsOf(map);
  const missing = readTables(head).map(({ columns }) => ({
    columns,
    missing: wanted.filter((column) => !columns.includes(column)),
  }));
  const [nearestTable] = missing.toSorted((a, b) => a.missing.length - b.missing.length);
  const [column] = nearestTable?.missing ?? [];
  if (nearestTable === undefined || column === undefined) {
    return new SourceError(`${name} is no CSV with the columns of the map, which are ${orList(wanted)}`);
  }
  const there = nearestTable.columns.map((each) => oneLine(each).slice(0, 60));
  const right = meant(column, there) || `; there are ${orList(there.slice(0, 20))}`;
  return new SourceError(`${name} has no column “${oneLine(column)}”, which the map names${right}`);
}
