import type { Viewer } from "../domain/viewer.ts";
import type { Store } from "../store/open.ts";

/**
 * Whose use of the vault the person with an e-mail (in any case) may see who is no admin: that of their people, if the
 * directory names them as somebody's manager, else their own.
 */
export async function viewerOf(store: Pick<Store, "people">, email: string): Promise<Viewer> {
  const lower = email.trim().toLowerCase();
  const managed = await store.people.findOne({ manager: lower }, { projection: { _id: 1 } });
  return { sees: managed === null ? "self" : "team", email: lower };
}
