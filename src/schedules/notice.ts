import type {
  DeliveryDocument,
  OwnerDocument,
  RunDocument,
  ScheduleDocument,
} from "../store/schedule-documents.ts";

/** What a schedule's owner is told, with what they can do about it. */
export type Notice = {
  readonly schedule: ScheduleDocument;
  /** Whoever asked for the run, else the schedule's owner. */
  readonly to: OwnerDocument;
  /** Whether they may see nothing of it any more, and so do nothing about it. */
  readonly mayNothing: boolean;
} & (
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
