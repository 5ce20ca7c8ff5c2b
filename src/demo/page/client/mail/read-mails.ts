import { useSyncExternalStore } from "react";

/** Where the browser keeps, for reloads, which mails were read. */
const KEY = "mails read";
const MOST = 1_000;

let read: readonly string[] = JSON.parse(localStorage.getItem(KEY) ?? "[]");
const listeners = new Set<() => void>();

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

interface Read {
  isRead(id: string): boolean;
  markRead(id: string): void;
}

/** Which mails this person has read. */
export function useRead(person: string): Read {
  const keys = useSyncExternalStore(subscribe, () => read);
  const keyOf = (id: string): string => `${person} ${id}`;
  return {
    isRead: (id) => keys.includes(keyOf(id)),
    markRead(id) {
      if (read.includes(keyOf(id))) return;
      read = [...read, keyOf(id)].slice(-MOST);
      localStorage.setItem(KEY, JSON.stringify(read));
      for (const changed of listeners) changed();
    },
  };
}
