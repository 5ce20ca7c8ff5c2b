import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import { type Asked, formatAsked, parseAsked } from "../domain/asked.ts";
import { DEFAULT_ZONE } from "../domain/calendar.ts";
import { resolvePeriod } from "../domain/period.ts";
import { AppError, UsageError } from "../errors.ts";
import { buildDatesModal, dateInputs } from "../messages/modal.ts";
import type { AnswerDeps } from "./answer.ts";
import type { Click } from "./click.ts";
import { isShared, type Target } from "./show.ts";

/** What the modal remembers: what was shown, and where. */
const note = z.object({ asked: z.string(), url: z.string(), channel: z.string() });

/** Opens the modal that asks for two days. */
export async function openDates(
  deps: Pick<AnswerDeps, "commandDeps"> & { readonly client: Pick<WebClient, "views"> },
  click: Click,
  shown: Asked,
): Promise<void> {
  if (click.at.type !== "message") throw new AppError("days are picked under a message only");
  const { store, zone } = deps.commandDeps;
  const calendar = await store.calendar(zone ?? DEFAULT_ZONE);
  const { period } = resolvePeriod(shown.request.period, shown.at, calendar);
  const { url, channel } = click.at;
  const remembered: z.infer<typeof note> = { asked: formatAsked(shown), url, channel };
  const view = buildDatesModal(period, JSON.stringify(remembered));
  await deps.client.views.open({ trigger_id: click.triggerId, view });
}

const picked = z.object({ selected_date: z.iso.date() });
const submission = z.object({
  private_metadata: z.string(),
  state: z.object({
    values: z.object({
      from: z.object({ [dateInputs.from]: picked }),
      to: z.object({ [dateInputs.to]: picked }),
    }),
  }),
});

/** What the submitted days ask for, and where the answer goes; or what is wrong with them, by input. */
export async function readDates(
  deps: Pick<AnswerDeps, "commandDeps">,
  view: unknown,
): Promise<
  | { readonly asked: Asked; readonly target: Target; readonly where: string }
  | { readonly errors: Readonly<Record<string, string>> }
> {
  const { store, zone, clock } = deps.commandDeps;
  const read = submission.parse(view);
  const { asked, url, channel } = note.parse(JSON.parse(read.private_metadata));
  const { from, to } = read.state.values;
  const period = `${from.from.selected_date}..${to.to.selected_date}`;
  const calendar = await store.calendar(zone ?? DEFAULT_ZONE);
  const at = clock();
  try {
    const resolved = resolvePeriod(period, at, calendar).period;
    if (resolved.from > calendar.dayOf(at)) return { errors: { from: "This day lies in the future." } };
  } catch (error) {
    if (error instanceof UsageError) return { errors: { to: error.message } };
    throw error;
  }
  const { request } = parseAsked(asked);
  return {
    asked: { request: { ...request, period }, at, page: 0 },
    target: { type: "message", url, replace: true, canShare: isShared(channel) },
    where: channel,
  };
}
