import { keeperSyslog } from "./keeper-syslog.ts";
import type { Source } from "./source.ts";

/** Keeper, as Commander exports it to syslog. */
export const keeper: Source = {
  title: "Keeper",
  describe: "the syslog export of Keeper Commander",
  forms: [keeperSyslog],
};
