import { type AccountRef, DIRECTORY, type Member } from "../domain/event.ts";
import type { AccountDocument } from "./documents.ts";
import { accountKey, hear } from "./facts.ts";
import type { Store } from "./open.ts";
import { markPeopleStale } from "./stale.ts";

/** What an input says of accounts, gathered while it is read. Holds every account of the store. */
export interface Accounts {
  hear(source: string, ref: AccountRef, at: number): void;
  list(source: string, member: Member): void;
  /** Those of the store and those that were named, as they would be written. */
  all(): Iterable<AccountDocument>;
  /** Writes what is new; belongs before the events that named it. */
  write(): Promise<void>;
  /** Writes also the times at which known things were said again. */
  writeAll(): Promise<void>;
}

const BATCH = 1_000;

export async function createAccounts(store: Pick<Store, "accounts" | "stale">): Promise<Accounts> {
  const known = new Map<string, AccountDocument>();
  for await (const account of store.accounts.find()) known.set(account._id, account);
  const now = new Set<AccountDocument>();
  const later = new Set<AccountDocument>();

  const accountOf = (source: string, id: string): AccountDocument => {
    const _id = accountKey(source, id);
    let account = known.get(_id);
    if (!account) {
      account = { _id, source };
      known.set(_id, account);
      now.add(account);
    }
    return account;
  };
  const write = async (changed: Set<AccountDocument>): Promise<void> => {
    const documents = [...changed];
    changed.clear();
    if (documents.length > 0) await markPeopleStale(store);
    for (let i = 0; i < documents.length; i += BATCH) {
      await store.accounts.bulkWrite(
        documents.slice(i, i + BATCH).map(({ _id, ...replacement }) => ({
          replaceOne: { filter: { _id }, replacement, upsert: true },
        })),
        { ordered: false },
      );
    }
  };

  return {
    hear(source, ref, at) {
      const account = accountOf(source, ref.id);
      const change = hear(account, ref, at);
      if (change === "now") now.add(account);
      else if (change === "later") later.add(account);
    },
    list(source, { id, email, name, team, manager, left, started, listId, managerId, robot }) {
      const account = accountOf(source, id);
      account.listed = {
        ...(email ? { email: email.toLowerCase() } : {}),
        ...(name ? { name } : {}),
        ...(team ? { team } : {}),
        ...(manager ? { manager: manager.toLowerCase() } : {}),
        ...(left ? { left } : {}),
        ...(started ? { started } : {}),
        ...(listId ? { listId } : {}),
        ...(managerId ? { managerId } : {}),
      };
      if (robot) account.robot = true;
      // In the directory nobody but its newest row says what an account is.
      else if (source === DIRECTORY) delete account.robot;
      now.add(account);
    },
    all: () => known.values(),
    async write() {
      for (const account of now) later.delete(account);
      await write(now);
    },
    async writeAll() {
      await write(now);
      await write(later);
    },
  };
}
