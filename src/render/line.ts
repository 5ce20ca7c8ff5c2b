/** A door that lets only so many in at once. */
export interface Line {
  /** Resolves when it is one's turn. */
  enter(): Promise<void>;
  /** Whoever has been inside hands its place over. */
  leave(): void;
  /** Rejects everybody who waits. */
  disperse(reason: Error): void;
}

/** At most `inside` at a time and `waiting` in line, first come, first served; `refuse` makes the error for more. */
export function createLine(options: {
  readonly inside: number;
  readonly waiting: number;
  readonly refuse: () => Error;
}): Line {
  const waiting: PromiseWithResolvers<void>[] = [];
  let inside = 0;
  return {
    async enter() {
      if (inside < options.inside) {
        inside += 1;
        return;
      }
      if (waiting.length >= options.waiting) throw options.refuse();
      const place = Promise.withResolvers<void>();
      waiting.push(place);
      await place.promise;
    },
    leave() {
      const next = waiting.shift();
      if (next) next.resolve();
      else inside -= 1;
    },
    disperse(reason) {
      for (const place of waiting.splice(0)) place.reject(reason);
    },
  };
}
