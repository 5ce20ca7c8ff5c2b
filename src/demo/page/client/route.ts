import { useSyncExternalStore } from "react";

/** Who looks, and at what: a channel's id, `home` or `mail`. */
export interface Route {
  readonly person: string;
  readonly place: string;
}

/** The address of a place, for links. */
export const hrefOf = (person: string, place: string): string => `#/${person}/${place}`;

function subscribe(changed: () => void): () => void {
  addEventListener("hashchange", changed);
  return () => removeEventListener("hashchange", changed);
}

/** The place that the address names, so that back, reload and bookmarks work. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  const [, person = "", place = ""] = hash.split("/").map(decodeURIComponent);
  return { person, place };
}
