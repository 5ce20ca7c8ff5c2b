import type { BitwardenEvent } from "../test/collect/stand-ins/bitwarden.ts";
import { type BenchOptions, benchEvents } from "./events.ts";

const types: Readonly<Record<string, number>> = {
  login: 1000,
  login_failed: 1005,
  password_accessed: 1111,
  password_autofilled: 1114,
  account_added: 1100,
};

/** The same rhythm as Bitwarden tells it, without ids; some events share an instant, and one of a thousand stands there twice. */
export function* bitwardenEvents(options: BenchOptions): Generator<BitwardenEvent, void> {
  let nth = 0;
  for (const chunk of benchEvents(options)) {
    for (const line of chunk.trimEnd().split("\n")) {
      const { at, user, kind, device } = JSON.parse(line);
      const event: BitwardenEvent = {
        object: "event",
        type: types[kind] ?? 1107,
        actingUserId: user.id,
        itemId: `i${nth % 7}`,
        date: nth % 10 === 0 ? at.replace(/\d\d\.\d+Z/, "00Z") : at,
        device: device.endsWith("1") ? 2 : 9,
        ipAddress: "203.0.113.7",
      };
      yield event;
      if (nth % 1_000 === 0) yield event;
      nth += 1;
    }
  }
}
