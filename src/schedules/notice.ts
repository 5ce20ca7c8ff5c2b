import type { DeliveryDocument, RunDocument, ScheduleDocument } from "../store/documents.ts";

/** What a schedule's owner is told, with what they can do about it. */
export type Notice = { readonly schedule: ScheduleDocument } & (
  | {
      /** Targets were not reached, or nobody can say whether they were. */
      readonly about: "failure";
      readonly run: RunDocument;
      readonly deliveries: readonly DeliveryDocument[];
      /** Why the schedule paused itself, in a sentence; undefined where it goes on. */
      readonly paused: string | undefined;
    }
  | {
      /** It was sent so many times without a sign that anybody reads it. */
      readonly about: "unread";
      readonly times: number;
    }
);
