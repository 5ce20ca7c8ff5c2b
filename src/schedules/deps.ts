import type { Logger } from "pino";
import type { Parcel } from "../delivery/channel.ts";
import type { Channels } from "../delivery/index.ts";
import type { Report } from "../domain/report.ts";
import type { ReportRequest } from "../domain/request.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { FormatName } from "../render/formats.ts";
import type { ArchiveDocument } from "../store/documents.ts";
import type { Store } from "../store/open.ts";
import type { OwnerDocument, RunDocument } from "../store/schedule-documents.ts";
import type { Notice } from "./notice.ts";

/** What running schedules takes. */
export interface RunDeps {
  readonly store: Store;
  /** Now, in milliseconds since the epoch. */
  readonly clock: () => number;
  readonly channels: Channels;
  /** Whose use the owner of a schedule may see at this moment. Throws where that cannot be said. */
  viewerOf(owner: OwnerDocument): Promise<Viewer>;
  /** The report as of `now`, as the viewer may see it. @throws AccessError, UsageError, or what went wrong in a query */
  answer(request: ReportRequest, options: { viewer: Viewer; now: number }): Promise<Report>;
  /** Makes a file and keeps it in the archive. */
  makeFile(
    report: Report,
    format: FormatName,
    run: RunDocument,
    sees: Viewer["sees"],
  ): Promise<ArchiveDocument>;
  readonly maskNames: boolean;
  /** Tells a schedule's owner, or who looks after it when the owner is gone. */
  tell(notice: Notice): Promise<void>;
  readonly logger: Pick<Logger, "debug" | "info" | "warn" | "error">;
}

/** A parcel before it is known for whom. */
export type Contents = Omit<Parcel, "signal">;
