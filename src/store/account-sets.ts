/** Keys of accounts, in the order in which any set of the same kind first heard of them. */
export interface AccountSet extends Iterable<string> {
  add(account: string): void;
}

/**
 * Makes sets that share their members' names: one takes a bit for each account that any of them has, so that a year
 * of daily files does not hold everybody's name 365 times.
 */
export function createAccountSets(): () => AccountSet {
  const numbers = new Map<string, number>();
  const names: string[] = [];

  const numberOf = (account: string): number => {
    let number = numbers.get(account);
    if (number === undefined) {
      number = names.push(account) - 1;
      numbers.set(account, number);
    }
    return number;
  };

  return () => {
    let bits = new Uint8Array(64);
    return {
      add(account) {
        const number = numberOf(account);
        const place = number >> 3;
        if (place >= bits.length) {
          const wider = new Uint8Array(2 * place);
          wider.set(bits);
          bits = wider;
        }
        bits[place] = (bits[place] ?? 0) | (1 << (number & 7));
      },
      *[Symbol.iterator]() {
        for (const [number, name] of names.entries()) {
          if (((bits[number >> 3] ?? 0) >> (number & 7)) & 1) yield name;
        }
      },
    };
  };
}
