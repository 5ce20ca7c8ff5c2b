import type { EventKind } from "./event.ts";

/**
 * One number of the product. `event` names the kind of event that it counts; the two metrics without one are
 * counted from sessions and from people.
 */
export interface Metric {
  readonly title: string;
  /** For a narrow column. */
  readonly short: string;
  /** Okabe–Ito, the same everywhere the metric is drawn. */
  readonly color: string;
  readonly event?: EventKind;
  /** One sentence that says what is counted, for help texts and documents. */
  readonly definition: string;
  /** Whether the metric has a column in tables of people. */
  readonly perPerson: boolean;
}

/** Which definitions the numbers follow; one more whenever one of them changes what it counts. */
export const definitionsVersion = 1;

export const metrics = {
  loginSessions: {
    title: "Login Sessions",
    short: "Sessions",
    color: "#0072B2",
    definition: "Sessions that started in the period.",
    perPerson: true,
  },
  remoteConnections: {
    title: "Remote Connections",
    short: "Connections",
    color: "#CC79A7",
    event: "remote_connection",
    definition: "Remote connections that were opened.",
    perPerson: true,
  },
  passwordsAccessed: {
    title: "Passwords Accessed",
    short: "Accessed",
    color: "#E69F00",
    event: "password_accessed",
    definition: "Passwords that were revealed or copied; an auto-fill is not an access.",
    perPerson: true,
  },
  passwordsAutofilled: {
    title: "Passwords Auto-filled",
    short: "Auto-filled",
    color: "#009E73",
    event: "password_autofilled",
    definition: "Passwords that were filled in by the vault's extension or app.",
    perPerson: true,
  },
  accountsAdded: {
    title: "Accounts Added",
    short: "Added",
    color: "#56B4E9",
    event: "account_added",
    definition: "Accounts that were added to the vault.",
    perPerson: true,
  },
  latestLogins: {
    title: "Latest Logins",
    short: "Latest logins",
    color: "#D55E00",
    definition:
      "People whose most recent sign-in of the period fell on that day; in total, people who signed in.",
    perPerson: false,
  },
} as const satisfies Record<string, Metric>;

export type MetricKey = keyof typeof metrics;
export const metricKeys = Object.keys(metrics) as MetricKey[];

/** The metrics that are plain counts of one kind of event, with that kind. */
export const eventMetrics = metricKeys.flatMap((key) => {
  const metric: Metric = metrics[key];
  return metric.event === undefined ? [] : [{ key: key as EventMetricKey, event: metric.event }];
});

export type EventMetricKey = {
  [K in MetricKey]: (typeof metrics)[K] extends { event: EventKind } ? K : never;
}[MetricKey];

/** The metrics that a table of people has as columns. */
export type PersonMetricKey = {
  [K in MetricKey]: (typeof metrics)[K]["perPerson"] extends true ? K : never;
}[MetricKey];
export const personMetricKeys = metricKeys.filter((key) => metrics[key].perPerson) as PersonMetricKey[];

/** Kinds that make a person *Active*: something was done with the vault beyond signing in. */
export const valueKinds: readonly EventKind[] = eventMetrics.map((metric) => metric.event);

export type Counts<K extends MetricKey = MetricKey> = Record<K, number>;

export function zeroCounts<K extends MetricKey>(keys: readonly K[]): Counts<K> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Counts<K>;
}
