import type { EventKind } from "../domain/event.ts";
import { eventKinds } from "../domain/event.ts";
import { accountOf, emailOf, fieldsOf, idOf, nameOf } from "./fields.ts";
import type { Fields, Source, Translation } from "./source.ts";
import { Rejection } from "./source.ts";

const kinds: ReadonlyMap<unknown, EventKind> = new Map(eventKinds.map((kind) => [kind, kind]));

/** The format of our own, for whatever can write one JSON object a line. */
export const plain: Source = {
  title: "plain events",
  describe:
    'plain events, one JSON object a line: {"at":"2026-10-01T08:00:00Z","user":{"id":"u1"},"kind":"login"}',
  forms: [
    {
      cut: "json",
      recognises: (fields) => typeof fields.kind === "string" && ("at" in fields || "user" in fields),
      translate,
    },
  ],
};

function translate(fields: Fields): Translation {
  if (fields.kind === undefined || fields.kind === null) throw new Rejection("no kind");
  const kind = kinds.get(fields.kind);
  if (kind === undefined) throw new Rejection(`unknown kind, right would be one of ${eventKinds.join(", ")}`);
  const user = fieldsOf(fields.user);
  const email = emailOf(user.email);
  const account = idOf(user.id, "user id") ?? email;
  if (account === undefined) throw new Rejection("no user id and no e-mail");
  const id = idOf(fields.id, "id");
  const session = idOf(fields.session, "session");
  const device = idOf(fields.device, "device");
  return {
    type: "event",
    time: fields.at,
    kind,
    account: accountOf(account, { email, name: nameOf(user.name) }),
    session,
    device,
    id,
    trace: id === undefined ? [kind, account, idOf(fields.item, "item"), fields.at, session, device] : [],
  };
}
