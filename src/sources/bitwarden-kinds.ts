import type { EventKind } from "../domain/event.ts";

/**
 * Bitwarden's event numbers and their names in the web vault's CSV, as far as they mean more than `other`. Taking a
 * look at an item (1107) reveals nothing; card codes (1110, 1113) and what came later (1117 to 1132) are no passwords.
 */
const table: readonly (readonly [code: number, name: string, kind: EventKind])[] = [
  [1000, "User_LoggedIn", "login"],
  [1005, "User_FailedLogIn", "login_failed"],
  [1006, "User_FailedLogIn2fa", "login_failed"],
  [1100, "Cipher_Created", "account_added"],
  [1108, "Cipher_ClientToggledPasswordVisible", "password_accessed"],
  [1109, "Cipher_ClientToggledHiddenFieldVisible", "password_accessed"],
  [1111, "Cipher_ClientCopiedPassword", "password_accessed"],
  [1112, "Cipher_ClientCopiedHiddenField", "password_accessed"],
  [1114, "Cipher_ClientAutofilled", "password_autofilled"],
  [2100, "Secret_Retrieved", "password_accessed"],
  [2101, "Secret_Created", "account_added"],
];

/** Under numbers, numbers written as text, and names. */
const kinds = new Map<unknown, EventKind>();
for (const [code, name, kind] of table) kinds.set(code, kind).set(String(code), kind).set(name, kind);

/** What Bitwarden's event type means here; `other` for every type without a meaning of its own. */
export function bitwardenKind(type: unknown): EventKind {
  return kinds.get(type) ?? "other";
}
