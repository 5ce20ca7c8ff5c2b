import type { EventKind } from "../domain/event.ts";

/** Keeper's names of events, as far as they mean more than `other`. */
const kinds: ReadonlyMap<string, EventKind> = new Map([
  ["login", "login"],
  ["login_console", "login"],
  ["login_failure", "login_failed"],
  ["login_failed_console", "login_failed"],
  ["login_failed_ip_whitelist", "login_failed"],
  ["two_factor_code_invalid", "login_failed"],
  ["device_user_loggedout", "logout"],
  ["device_admin_loggedout", "logout"],
  ["open_record", "password_accessed"],
  ["copy_password", "password_accessed"],
  ["fast_fill", "password_autofilled"],
  ["record_add", "account_added"],
  ["pam_kcm_connection_started", "remote_connection"],
  ["pam_tunnel_started", "remote_connection"],
  ["pam_rbi_started", "remote_connection"],
]);

/** What Keeper's event means here; `undefined` for a name that is not known. */
export function keeperKind(name: string): EventKind | undefined {
  return kinds.get(name);
}
