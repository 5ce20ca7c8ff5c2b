import { type Collection, type Db, MongoClient } from "mongodb";
import { type Calendar, createCalendar } from "../domain/calendar.ts";
import { ConfigError } from "../errors.ts";
import type {
  AccountDocument,
  ArchiveDocument,
  AuditDocument,
  ClaimDocument,
  DailyDocument,
  DecisionDocument,
  EventDocument,
  ImportDocument,
  LeaseDocument,
  MetaDocument,
  PersonDocument,
  SessionDocument,
  StaleDocument,
} from "./documents.ts";
import type { FeedDocument, InboxDocument } from "./feed-documents.ts";
import { wakeAtClose } from "./lost-sockets.ts";
import type {
  DeliveryDocument,
  RunDocument,
  ScheduleDocument,
  UnsubscribedDocument,
} from "./schedule-documents.ts";
import type { SourceHourDocument } from "./source-hours.ts";

/** The collections, and the zone whose days they hold. */
export interface Store {
  readonly db: Db;
  /** Facts, as the vaults gave them. */
  readonly events: Collection<EventDocument>;
  readonly accounts: Collection<AccountDocument>;
  readonly imports: Collection<ImportDocument>;
  /** The hours in which each source had events; made from the events, too. */
  readonly hours: Collection<SourceHourDocument>;
  /** Ways by which events come by themselves. */
  readonly feeds: Collection<FeedDocument>;
  /** What was acknowledged and is not among the events yet. */
  readonly inbox: Collection<InboxDocument>;
  /** Facts too, as admins gave them. */
  readonly decisions: Collection<DecisionDocument>;
  /** Made from the facts; `rebuild` makes them anew. */
  readonly people: Collection<PersonDocument>;
  readonly sessions: Collection<SessionDocument>;
  readonly daily: Collection<DailyDocument>;
  readonly stale: Collection<StaleDocument>;
  readonly meta: Collection<MetaDocument>;
  readonly leases: Collection<LeaseDocument>;
  /** Who asked for what. */
  readonly audit: Collection<AuditDocument>;
  readonly claims: Collection<ClaimDocument>;
  /** The files that were made; their bytes are in GridFS. */
  readonly archive: Collection<ArchiveDocument>;
  readonly schedules: Collection<ScheduleDocument>;
  readonly runs: Collection<RunDocument>;
  /** The ledger. */
  readonly deliveries: Collection<DeliveryDocument>;
  readonly unsubscribed: Collection<UnsubscribedDocument>;
  /** The store's own zone once anything was imported, else `fallbackZone`. */
  calendar(fallbackZone: string): Promise<Calendar>;
  /** Done before the connection closes: leases are given back. */
  readonly beforeClose: Set<() => Promise<void>>;
  /** Makes the indexes; a writer does this before it writes. */
  prepare(): Promise<void>;
  close(): Promise<void>;
}

const DEFAULT_DATABASE = "vault_usage";
const PATIENCE_MS = 10_000;

/**
 * Connects to a MongoDB, ours or another.
 * @throws ConfigError when nobody answers there
 */
export async function openStore(uri: string): Promise<Store> {
  let client: MongoClient | undefined;
  const stopWaking = wakeAtClose();
  try {
    client = new MongoClient(uri, { ignoreUndefined: true, serverSelectionTimeoutMS: PATIENCE_MS });
    await client.connect();
  } catch (cause) {
    await client?.close();
    stopWaking();
    throw new ConfigError(`MONGODB_URI has to name a MongoDB that answers: ${(cause as Error).message}`);
  }
  // Without a name in the URI the driver would take "test".
  const named = new URL(uri.replace(/^mongodb(\+srv)?:\/\/[^/?]*/, "http://h")).pathname.length > 1;
  const connected = client;
  const db = connected.db(named ? undefined : DEFAULT_DATABASE);

  const store: Store = {
    db,
    events: db.collection("events"),
    accounts: db.collection("accounts"),
    imports: db.collection("imports"),
    hours: db.collection("source_hours"),
    feeds: db.collection("feeds"),
    inbox: db.collection("inbox"),
    decisions: db.collection("decisions"),
    people: db.collection("people"),
    sessions: db.collection("sessions"),
    daily: db.collection("usage_daily"),
    stale: db.collection("stale_days"),
    meta: db.collection("meta"),
    leases: db.collection("leases"),
    audit: db.collection("audit"),
    claims: db.collection("claims"),
    archive: db.collection("archive"),
    schedules: db.collection("schedules"),
    runs: db.collection("runs"),
    deliveries: db.collection("deliveries"),
    unsubscribed: db.collection("unsubscribed"),

    async calendar(fallbackZone) {
      const meta = await store.meta.findOne({ _id: "store" });
      return createCalendar(meta?.timeZone ?? fallbackZone);
    },
    async prepare() {
      await Promise.all([
        store.events.createIndexes([
          { key: { account: 1, at: 1 } },
          {
            key: { account: 1, session: 1, at: 1 },
            partialFilterExpression: { session: { $exists: true } },
          },
        ]),
        store.sessions.createIndexes([{ key: { person: 1, startedAt: 1 } }]),
        store.daily.createIndexes([{ key: { day: 1, person: 1 } }, { key: { person: 1, day: 1 } }]),
        store.imports.createIndexes([{ key: { at: 1 } }, { key: { source: 1, at: 1 } }]),
        store.inbox.createIndexes([{ key: { at: 1 } }]),
        store.audit.createIndexes([{ key: { at: 1 } }]),
        store.claims.createIndexes([{ key: { until: 1 } }]),
        store.archive.createIndexes([
          { key: { at: 1 } },
          { key: { sha256: 1 } },
          { key: { who: 1, at: 1 } },
          { key: { file: 1 } },
        ]),
        store.schedules.createIndexes([{ key: { state: 1, next: 1 } }]),
        store.runs.createIndexes([{ key: { state: 1, wakeAt: 1 } }, { key: { schedule: 1, createdAt: 1 } }]),
        store.deliveries.createIndexes([
          { key: { run: 1 } },
          { key: { state: 1 } },
          {
            key: { schedule: 1, kind: 1, slot: 1, "target.channel": 1, "target.to": 1 },
            unique: true,
          },
        ]),
      ]);
    },
    beforeClose: new Set(),
    async close() {
      await Promise.all([...store.beforeClose].map((work) => work()));
      await connected.close();
      stopWaking();
    },
  };
  return store;
}
