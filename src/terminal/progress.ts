import { Presets, SingleBar } from "cli-progress";
import type { Progress } from "../commands/command.ts";

/** A bar on standard error while something takes long; nothing where that is no terminal. */
export interface ProgressBar {
  show(progress: Progress): void;
  /** Takes the bar away, so that other lines can be printed. */
  clear(): void;
}

export function createProgressBar(): ProgressBar {
  if (!process.stderr.isTTY) return { show() {}, clear() {} };
  const format = " {what} {bar} {percentage} % · {eta_formatted} left";
  const counting = " {what} · {amount}";
  let bar: SingleBar | undefined;
  let what = "";
  const clear = (): void => {
    bar?.stop();
    bar = undefined;
  };
  return {
    show(progress) {
      if (bar && what !== progress.what) clear();
      what = progress.what;
      const payload = { what, amount: progress.done.toLocaleString("en-US") };
      if (!bar) {
        bar = new SingleBar(
          {
            format: progress.total === undefined ? counting : format,
            stream: process.stderr,
            clearOnComplete: true,
            hideCursor: true,
          },
          Presets.shades_classic,
        );
        bar.start(progress.total ?? 0, progress.done, payload);
        return;
      }
      if (progress.total !== undefined) bar.setTotal(progress.total);
      bar.update(progress.done, payload);
    },
    clear,
  };
}
