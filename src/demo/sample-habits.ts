import type { EventKind } from "../domain/event.ts";
import type { SampleTeam } from "./sample-people.ts";

/** A day as the sample's people see it. */
export interface SampleDay {
  readonly day: string;
  /** Days before the sample's last. */
  readonly ago: number;
  /** From 1 for Monday. */
  readonly weekday: number;
  /** Counts whole weeks, from a Monday each. */
  readonly week: number;
  readonly isHoliday: boolean;
  /** The books are closed in the last three days of a month and the first two. */
  readonly isMonthEnd: boolean;
  /** Of auto-fill, which people take to: from 0.6 to 1.5 over the sample, so that a month outgrows its holiday. */
  readonly growth: number;
}

/** Hours after midnight between which somebody works, and how likely at all; beyond 24 it is the next morning. */
export interface Shift {
  readonly from: number;
  readonly to: number;
  readonly chance: number;
}

export interface Device {
  readonly kind: string;
  /** How much of the work is done on it; a team's shares add up to 1. */
  readonly share: number;
  /** Whether the vault's client there names its sessions. */
  readonly hasSessionIds: boolean;
  /** How often a session ends by signing out. */
  readonly signsOut: number;
}

/** What a team does with the vault. Numbers are means. */
export interface Habit {
  shift(day: SampleDay, place: number): Shift;
  /** A working day. */
  readonly sessions: number;
  /** In a session. */
  actions(day: SampleDay): Partial<Record<EventKind, number>>;
  readonly devices: readonly [Device, ...Device[]];
}

const laptop: Device = { kind: "laptop", share: 1, hasSessionIds: true, signsOut: 0.5 };
const phone: Device = { kind: "phone", share: 1, hasSessionIds: false, signsOut: 0.05 };
const desk: Device = { kind: "desk", share: 1, hasSessionIds: true, signsOut: 0.9 };
const terminal: Device = { kind: "terminal", share: 1, hasSessionIds: false, signsOut: 0.3 };

function officeHours(from: number, to: number, { weekend = 0.02 } = {}): Habit["shift"] {
  return ({ isHoliday, weekday }) => ({
    from,
    to,
    chance: isHoliday ? 0.06 : weekday > 5 ? weekend : weekday === 5 ? 0.88 : 0.94,
  });
}

export const sampleHabits: Readonly<Record<SampleTeam, Habit>> = {
  engineering: {
    shift: officeHours(8.5, 17.5, { weekend: 0.05 }),
    sessions: 1.5,
    actions: ({ growth }) => ({
      remote_connection: 1.5,
      password_accessed: 0.9,
      password_autofilled: 1.4 * growth,
      account_added: 0.12,
      other: 0.2,
    }),
    devices: [
      { ...laptop, share: 0.7 },
      { ...terminal, share: 0.3 },
    ],
  },
  support: {
    // Early and late in turns; every fourth week the weekend, for which Monday and Tuesday are free.
    shift({ isHoliday, weekday, week }, place) {
      const hasWeekend = (place + week) % 4 === 0;
      const works = isHoliday ? place % 3 === 0 : hasWeekend ? weekday > 2 : weekday < 6;
      const from = (place + week) % 2 === 0 ? 7 : 12.5;
      return { from, to: from + 8, chance: works ? 0.95 : 0 };
    },
    sessions: 2.1,
    actions: ({ growth }) => ({
      password_autofilled: 5.2 * growth,
      password_accessed: 0.6,
      account_added: 0.08,
      other: 0.3,
    }),
    devices: [desk],
  },
  sales: {
    shift: officeHours(8, 18.5, { weekend: 0.06 }),
    sessions: 1.8,
    actions: ({ growth }) => ({
      password_autofilled: 2.3 * growth,
      password_accessed: 0.3,
      account_added: 0.1,
      other: 0.1,
    }),
    devices: [
      { ...phone, share: 0.65 },
      { ...laptop, share: 0.35 },
    ],
  },
  finance: {
    shift: officeHours(8, 16.5),
    sessions: 1.1,
    actions: ({ isMonthEnd, growth }) => ({
      password_accessed: isMonthEnd ? 6.5 : 1,
      password_autofilled: 0.7 * growth,
      account_added: 0.04,
    }),
    devices: [{ ...laptop, signsOut: 0.85 }],
  },
  operations: {
    // One in four weeks on call, every night of it, holidays included; by day otherwise.
    shift(day, place) {
      const isOnCall = (place + day.week) % 4 === 0;
      return isOnCall ? { from: 21.5, to: 29.5, chance: 0.9 } : officeHours(7.5, 16)(day, place);
    },
    sessions: 1.5,
    actions: ({ growth }) => ({
      remote_connection: 3.2,
      password_accessed: 1.3,
      password_autofilled: 0.5 * growth,
      account_added: 0.15,
      other: 0.2,
    }),
    devices: [
      { ...laptop, share: 0.5 },
      { ...terminal, share: 0.5 },
    ],
  },
  management: {
    shift: officeHours(9, 18, { weekend: 0.05 }),
    sessions: 0.5,
    actions: ({ growth }) => ({ password_accessed: 0.6, password_autofilled: 0.7 * growth }),
    devices: [
      { ...phone, share: 0.6 },
      { ...laptop, share: 0.4 },
    ],
  },
};
