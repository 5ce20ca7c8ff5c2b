/** Chance that is the same at every run: everything follows from the seed. */
export interface Random {
  /** At least 0 and less than 1. */
  next(): number;
  between(least: number, below: number): number;
  /** A whole number, both ends included. */
  whole(least: number, most: number): number;
  chance(probability: number): boolean;
  /** A number of independent happenings (Poisson); `mean` is best below 30. */
  count(mean: number): number;
  /** The time to the next of such happenings (exponential). */
  wait(mean: number): number;
  /** So many digits of base 16. */
  hex(digits: number): string;
}

/** Mulberry32 over a hash of the seed; good for samples and measurements, not for secrets. */
export function createRandom(seed: string | number): Random {
  let state = hash(String(seed));
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));

  return {
    next,
    whole,
    between: (least, below) => least + next() * (below - least),
    chance: (probability) => next() < probability,
    count(mean) {
      const limit = Math.exp(-mean);
      let product = next();
      let happened = 0;
      while (product > limit) {
        happened++;
        product *= next();
      }
      return happened;
    },
    wait: (mean) => -Math.log(1 - next()) * mean,
    hex: (digits) => Array.from({ length: digits }, () => whole(0, 15).toString(16)).join(""),
  };
}

/** An id in the shape of a random UUID (version 4). */
export function randomUuid({ hex }: Random): string {
  return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
}

/** FNV-1a, 32 bits, with a final mix, as seeds that differ in their last character have to differ much. */
function hash(text: string): number {
  let bits = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) bits = Math.imul(bits ^ text.charCodeAt(i), 0x01000193);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  return bits ^ (bits >>> 13);
}
