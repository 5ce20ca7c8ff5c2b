import { idOf, meaning } from "./fields.ts";
import { keeperAccount } from "./keeper-account.ts";
import { keeperKind } from "./keeper-kinds.ts";
import { ownCopy } from "./line-account.ts";
import type { EventDraft, Fields, Form } from "./source.ts";
import { Rejection } from "./source.ts";
import type { SyslogLine } from "./syslog.ts";

const element = "Keeper@Commander";

/**
 * The syslog export of Keeper Commander: RFC 5424 with the event as structured data, the client's address as host and the
 * event's id, which Commander's JSON has as well, as MSGID. Events of programs (`app_client_…`) may carry the name of
 * the person whose program it is; they get an account of their own, so that no person becomes a robot.
 */
export const keeperSyslog: Form = {
  cut: "lines",
  dialect: "Commander",
  recognises: (fields) => parametersOf(fields)?.has("audit_event_type") === true,
  translate(fields): EventDraft {
    const parameters = parametersOf(fields);
    if (parameters === undefined) throw new Rejection("no event of Keeper Commander");
    const { timestamp, msgid } = fields as SyslogLine;
    const name = parameters.get("audit_event_type") ?? "";
    const account = keeperAccount(name, Object.fromEntries(parameters));
    const id = idOf(msgid, "id");
    return {
      type: "event",
      time: timestamp,
      ...meaning(keeperKind(name), name),
      account: { ...account, id: ownCopy(account.id) },
      id: id === undefined ? undefined : ownCopy(id),
      trace: id === undefined ? [name, account.id, timestamp, parameters.get("record_uid")] : [],
    };
  },
};

function parametersOf(fields: Fields): ReadonlyMap<string, string> | undefined {
  return (fields as SyslogLine).structured?.get(element);
}
