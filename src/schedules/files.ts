import { seesAsMuch } from "../domain/viewer.ts";
import type { ArchiveDocument } from "../store/documents.ts";
import type { RunDeps } from "./deps.ts";

/** What becomes of the files that schedules had made. */
export function createFiles({
  store,
  clock,
  channels,
  viewerOf,
}: Pick<RunDeps, "store" | "clock" | "channels" | "viewerOf">) {
  return {
    /** Somebody fetched a file: if a schedule had it made, somebody wants it. */
    async noteFetched({ schedule }: Pick<ArchiveDocument, "schedule">): Promise<void> {
      if (schedule === undefined) return;
      await store.schedules.updateOne({ _id: schedule }, { $set: { wantedAt: new Date(clock()) } });
    },

    /** Whether a file was sent to somebody (a Slack id or an e-mail) to whom it might be sent now as well. */
    async mayStillGet({ _id, schedule: id, sees }: ArchiveDocument, to: string): Promise<boolean> {
      if (id === undefined) return false;
      const [schedule, delivery] = await Promise.all([
        store.schedules.findOne({ _id: id, state: { $ne: "deleted" } }),
        store.deliveries.findOne({ schedule: id, "target.to": to, files: _id }),
      ]);
      if (schedule === null || delivery === null) return false;
      const isTarget = delivery.kind === "test" || schedule.targets.some((target) => target.to === to);
      const channel = channels[delivery.target.channel];
      if (!isTarget || channel === undefined) return false;
      const asks = async (): Promise<boolean> => {
        await channel.check(delivery.target);
        return seesAsMuch((await viewerOf(schedule.owner)).sees, sees);
      };
      return asks().catch(() => false);
    },
  };
}
