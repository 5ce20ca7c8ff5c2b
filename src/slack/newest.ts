/** Notes that something begins for a key; gives whether it is still the newest of that key. */
export type Newest = (key: string) => () => boolean;

/** Remembers the last `most` keys; what was forgotten counts as the newest. */
export function createNewest(most: number): Newest {
  const newest = new Map<string, symbol>();
  return (key) => {
    const mark = Symbol(key);
    newest.delete(key);
    newest.set(key, mark);
    if (newest.size > most) newest.delete(newest.keys().next().value ?? key);
    return () => (newest.get(key) ?? mark) === mark;
  };
}
