const day = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long" });
const time = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const shortDay = new Intl.DateTimeFormat("en", { day: "numeric", month: "short" });
const moment = new Intl.DateTimeFormat("en", { dateStyle: "full", timeStyle: "short", hourCycle: "h23" });
const units = ["B", "KB", "MB"] as const;

const dateOf = (ts: string): Date => new Date(Number(ts) * 1000);

/** The day of a message, such as "Friday, November 20"; nothing for no message. */
export const dayOf = (ts: string): string => (ts === "" ? "" : day.format(dateOf(ts)));

export const timeOf = (ts: string): string => time.format(dateOf(ts));

/** When a mail came, by milliseconds: the time if that was today, else the day. */
export function whenOf(milliseconds: number): string {
  const date = new Date(milliseconds);
  return (date.toDateString() === new Date().toDateString() ? time : shortDay).format(date);
}

/** Day and time in full, such as "Friday, November 20, 2026 at 09:41". */
export const momentOf = (milliseconds: number): string => moment.format(new Date(milliseconds));

/** Bytes in words, such as "12 KB". */
export function sizeOf(bytes: number): string {
  const power = Math.min(Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1000)), units.length - 1);
  return `${Math.round(bytes / 1000 ** power)} ${units[power]}`;
}
