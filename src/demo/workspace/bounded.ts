/** A list that keeps its newest `limit` items. */
export interface Log<T> {
  items(): readonly T[];
  push(item: T): void;
}

export function createLog<T>(limit: number): Log<T> {
  const kept: T[] = [];
  return {
    items: () => [...kept],
    push(item) {
      kept.push(item);
      if (kept.length > limit) kept.shift();
    },
  };
}

/** Sets a key as the newest one and forgets the oldest beyond `limit`; gives what was forgotten. */
export function setBounded<K, V>(map: Map<K, V>, key: K, value: V, limit: number): V | undefined {
  map.delete(key);
  map.set(key, value);
  if (map.size <= limit) return undefined;
  const [oldest] = map.entries();
  if (oldest === undefined) return undefined;
  map.delete(oldest[0]);
  return oldest[1];
}
