import type { Viewer } from "../domain/viewer.ts";
import type { Store } from "../store/open.ts";

/**
 * Whose use of the vault the person with an e-mail (in any case) may see who is no admin: that of their people, if the
 * directory names them as somebody's manager, else their own.
 */
export async function viewerOf(store: Pick<Store, "people">, email: string): Promise<Viewer> {
  const lower = email.trim().toLowerCase();
  // Somebody with several e-mails is called by the first of them, as a manager too.
  const known = await store.people.findOne({ aliases: lower }, { projection: { user: 1 } });
  const own = known?.user ?? lower;
  const managed = await store.people.findOne({ manager: own }, { projection: { _id: 1 } });
  return { sees: managed === null ? "self" : "team", email: own };
}
