/** Keeps what was loaded for a while; two who ask at once load once. A failure is not kept. */
interface Cache<T> {
  get(key: string, load: () => Promise<T>): Promise<T>;
  forget(key: string): void;
}

/** At most `most` entries, the oldest forgotten first, each for `lifetime` milliseconds. */
export function createCache<T>(options: {
  readonly most: number;
  readonly lifetime: number;
  readonly clock: () => number;
}): Cache<T> {
  const entries = new Map<string, { readonly value: Promise<T>; readonly at: number }>();
  return {
    get(key, load) {
      const known = entries.get(key);
      if (known && options.clock() - known.at < options.lifetime) return known.value;
      const entry = { value: load(), at: options.clock() };
      entries.delete(key);
      entries.set(key, entry);
      if (entries.size > options.most) entries.delete(entries.keys().next().value ?? key);
      entry.value.catch(() => {
        if (entries.get(key) === entry) entries.delete(key);
      });
      return entry.value;
    },
    forget: (key) => void entries.delete(key),
  };
}

/** Says of each key whether it comes for the first time; remembers the last `most`. */
export function createOnce(most: number): (key: string) => boolean {
  const seen = new Set<string>();
  return (key) => {
    if (seen.has(key)) return false;
    seen.add(key);
    if (seen.size > most) seen.delete(seen.values().next().value ?? key);
    return true;
  };
}
