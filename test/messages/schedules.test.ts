import fc from "fast-check";
import { expect, it } from "vitest";
import { viewProblems } from "../../src/demo/workspace/index.ts";
import { buildAnswerModal } from "../../src/messages/modal.ts";
import { buildScheduleModal, type Choice } from "../../src/messages/schedule-modal.ts";
import { buildFailure, buildOffer, buildUnread } from "../../src/messages/schedule-notice.ts";
import { buildPreviewModal } from "../../src/messages/schedule-preview.ts";
import { buildSchedules, type RunFacts, type ScheduleFacts } from "../../src/messages/schedules.ts";
import { wildText } from "./samples.ts";
import { expectSendable } from "./sendable.ts";

const mark = fc.stringMatching(/^[a-z0-9]{4}$/);
const names = fc.array(wildText, { maxLength: 20 });
const run: fc.Arbitrary<RunFacts> = fc.record({
  mark: mark.map((id) => `${id} slot 2026-11-23T08:00:00.000Z`),
  when: fc.constant("Mon 23 Nov 2026 09:00 by hand"),
  state: fc.constantFrom("sent", "sent in part", "failed", "missed"),
  targets: fc.array(fc.record({ name: wildText, told: wildText, isFine: fc.boolean() }), { maxLength: 20 }),
  canRetry: fc.boolean(),
  canSendAgain: fc.boolean(),
});
const schedule: fc.Arbitrary<ScheduleFacts> = fc
  .record({
    mark,
    request: wildText,
    when: fc.constant("every month on the first Monday 09:00 (America/Argentina/ComodRivadavia)"),
    targets: names,
    extras: fc.constantFrom("", "with PDF, Excel, CSV · if empty: send nothing"),
    owner: fc.oneof(wildText, fc.constant("U0ADMIN")),
    state: wildText,
    isPaused: fc.boolean(),
    last: fc.option(run),
  })
  .map(({ last, ...facts }) => (last === null ? facts : { ...facts, last }));
const several = <T extends { readonly mark: string }>(each: fc.Arbitrary<T>, most: number) =>
  fc.uniqueArray(each, { maxLength: most, selector: (one) => one.mark });

/** Mentions of people by their ids are our own. */
const withoutMentions = (text: string): string => text.replace(/<@U0ADMIN>/g, "somebody");

it("makes lists, histories and notices of whatever schedules hold that Slack takes", () => {
  const runs = fc.option(several(run, 12), { nil: undefined });
  const property = fc.property(
    several(schedule, 30),
    runs,
    names,
    wildText,
    (schedules, told, plans, title) => {
      // Runs are those of one schedule.
      const shown = told
        ? { title, schedules: schedules.slice(0, 1), plans, runs: told }
        : { title, schedules, plans };
      const message = buildSchedules({ ...shown, title: title.trim() || "Schedules" });
      expectSendable({ ...message, text: withoutMentions(message.text) });
      expect(viewProblems({ ...buildAnswerModal(message) })).toEqual([]);
      const [about] = schedules;
      for (const each of told ?? []) {
        if (about) expectSendable(buildFailure({ schedule: about, why: title }, each, plans[0]));
      }
      if (about) expectSendable(buildUnread({ schedule: about, why: undefined }, 12));
    },
  );
  fc.assert(property, { numRuns: 60 });
  expectSendable(buildOffer());
});

it("makes a form and a preview of whatever is chosen that Slack takes", () => {
  const choice = fc.record({ label: wildText, value: fc.string({ minLength: 1, maxLength: 90 }) });
  const choices = fc.uniqueArray(choice, { minLength: 1, maxLength: 20, selector: ({ value }) => value });
  const property = fc.property(
    choices,
    wildText,
    wildText,
    names,
    fc.boolean(),
    (some, words, zone, targets, isAllowed) => {
      const fixed: readonly Choice[] = [
        { label: "One", value: "one" },
        ...some.filter(({ value }) => value !== "one"),
      ];
      const form = buildScheduleModal({
        title: `Change ${words}`,
        reports: fixed,
        report: some[0]?.value ?? "",
        rules: fixed,
        rule: "one",
        words: words.toWellFormed(),
        time: "09:00",
        zone: zone.toWellFormed(),
        channels: ["C0GENERAL"],
        people: [],
        emails: "",
        formats: fixed.slice(0, 3),
        files: ["one"],
        empties: fixed.slice(0, 3),
        empty: "one",
        note: "{}",
      });
      expect(viewProblems({ ...form })).toEqual([]);
      const told = {
        title: words,
        size: "3 rows as of now",
        when: "every Monday 09:00 (Europe/Oslo)",
        next: ["Next Mon 23 Nov 2026 09:00"],
        targets: targets.map((name) => ({ name, why: zone, isAllowed })),
        extras: "with PDF",
      };
      expect(viewProblems({ ...buildPreviewModal(told, "x".repeat(3_000)) })).toEqual([]);
    },
  );
  fc.assert(property, { numRuns: 60 });
});
