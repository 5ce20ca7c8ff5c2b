import { createHash } from "node:crypto";
import type { Logger } from "pino";
import { createCalendar } from "../domain/calendar.ts";
import type { Chart, ChartId, Report } from "../domain/report.ts";
import type { ChartRenderer } from "../render/chart-renderer.ts";
import { errorFacts } from "./log.ts";
import type { Uploader } from "./upload.ts";

/** What pictures of charts take. */
export interface PictureDeps {
  readonly charts: ChartRenderer;
  readonly uploader: Uploader;
  readonly logger: Logger;
}

/** Ids of uploaded pictures, by chart. */
export type Pictures = Partial<Readonly<Record<ChartId, string>>>;

/** The uploaded pictures of the report's charts. One that fails is left out: the numbers matter more. */
export async function uploadPictures(
  deps: PictureDeps,
  report: Report,
  charts: readonly Chart[] = report.charts,
): Promise<Pictures> {
  const { period, asOf } = report;
  const uploaded = await Promise.all(
    charts.map(async (chart): Promise<[ChartId, string][]> => {
      try {
        const picture = {
          key: pictureKey(chart, report),
          name: `${chart.id}-${period.from}-${period.to}.png`,
          title: chart.title,
          draw: () => deps.charts.png(chart, { period, asOf }),
        };
        return [[chart.id, await deps.uploader.upload(picture)]];
      } catch (error) {
        deps.logger.warn({ err: errorFacts(error), chart: chart.id }, "a chart is left out of an answer");
        return [];
      }
    }),
  );
  return Object.fromEntries(uploaded.flat());
}

/**
 * The same for reports whose pictures look the same. Of `asOf` a picture shows only the day, so a report asked for
 * again later that day finds the picture it had, as long as its numbers are the same.
 */
function pictureKey(chart: Chart, { period, asOf }: Report): string {
  const day = createCalendar(period.timeZone).dayOf(asOf.getTime());
  return createHash("sha256")
    .update(JSON.stringify([chart, period, day]))
    .digest("base64");
}
