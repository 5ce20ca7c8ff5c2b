import type { Collector } from "../collect/index.ts";
import type { StatusRule } from "../domain/status.ts";
import type { Audience, Viewer } from "../domain/viewer.ts";
import type { Paper, Printer } from "../render/printer.ts";
import type { Schedules } from "../schedules/manage.ts";
import type { Store } from "../store/open.ts";
import type { FileOwner } from "./export.ts";
import type { Reply } from "./reply.ts";

/** How far long work has come; `total` is missing where nobody can know. */
export interface Progress {
  readonly what: string;
  readonly done: number;
  readonly total?: number;
}

/** Where words are typed. */
export type Front = "slack" | "terminal";

/** What commands need of the process. */
export interface CommandDeps {
  readonly store: Store;
  /** What kind of store it is, for a person. */
  readonly storeKind: "MongoDB" | "embedded";
  readonly rule: StatusRule;
  /** Prints PDFs, on this size of paper. */
  readonly printer: Printer;
  readonly paper: Paper;
  readonly front: Front;
  /** The zone that the settings ask for. */
  readonly zone: string | undefined;
  /** Now, in milliseconds since the epoch. */
  readonly clock: () => number;
  readonly onProgress: (progress: Progress) => void;
  /** A line for the person who waits. */
  readonly onNotice: (line: string) => void;
  /** Schedules, opened when they are first asked for. @throws ConfigError where they cannot be had */
  readonly schedules: () => Promise<Schedules>;
  /** What the settings name to be collected from. */
  readonly collector: () => Promise<Collector>;
}

/** What the words of a command cannot say. */
export interface CommandOptions {
  /** The instant to answer for, in milliseconds since the epoch. */
  readonly now?: number | undefined;
  readonly source?: string | undefined;
  /** Where the times of an import without an offset were written: an IANA name. */
  readonly sourceZone?: string | undefined;
  /** The file with the column map of an import. */
  readonly map?: string | undefined;
  /** Whether an import is only to say what would come of it. */
  readonly dryRun?: boolean | undefined;
  /** The zone that the words ask for, which goes before that of the settings. */
  readonly zone?: string | undefined;
  /** Whether the answer is for an admin's own eyes, so that it may tell why a vault cannot be reached. */
  readonly tellsReasons?: boolean | undefined;
  /** Who asks. In a terminal whoever runs the command line, if nobody is said; elsewhere somebody unknown. */
  readonly viewer?: Viewer | undefined;
  /** The same as the archive knows them. */
  readonly owner?: FileOwner | undefined;
}

interface CommandFacts {
  /** What may be typed, as in `user WHO [PERIOD]`. */
  readonly words: string;
  readonly help: string;
  readonly examples: readonly string[];
  /** Commands that read files or change the store are the terminal's. */
  readonly where: "everywhere" | "terminal";
  readonly audience: Audience;
  /** Whether `as FORMAT` behind the words is the command's own; else the answer is wanted as a file. */
  readonly ownsFormat?: true;
}

/** One subcommand. */
export type Command = CommandFacts &
  (
    | {
        readonly needs: "store";
        run(words: readonly string[], deps: CommandDeps, options: CommandOptions): Promise<Reply>;
      }
    /** Answers also where no store can be opened. */
    | {
        readonly needs: "nothing";
        run(words: readonly string[], deps: Pick<CommandDeps, "front">): Promise<Reply>;
      }
  );
