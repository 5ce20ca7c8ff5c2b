import { useSyncExternalStore } from "react";

/** Who looks, and at what: a channel's id, `home` or `mail`. */
export interface Route {
  readonly person: string;
  readonly place: string;
  /** One thing there, such as a mail. */
  readonly item?: string | undefined;
}

/** The address of a place, or of one thing there, for links. */
export const hrefOf = (person: string, place: string, item?: string): string =>
  `#/${person}/${place}${item === undefined ? "" : `/${encodeURIComponent(item)}`}`;

function subscribe(changed: () => void): () => void {
  addEventListener("hashchange", changed);
  return () => removeEventListener("hashchange", changed);
}

/** The place that the address names, so that back, reload and bookmarks work. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  const [, person = "", place = "", item] = hash.split("/").map(decodeURIComponent);
  return { person, place, item };
}
