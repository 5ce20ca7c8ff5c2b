const day = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long" });
const time = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const units = ["B", "KB", "MB"] as const;

const dateOf = (ts: string): Date => new Date(Number(ts) * 1000);

/** The day of a message, such as "Friday, November 20"; nothing for no message. */
export const dayOf = (ts: string): string => (ts === "" ? "" : day.format(dateOf(ts)));

export const timeOf = (ts: string): string => time.format(dateOf(ts));

/** Bytes in words, such as "12 KB". */
export function sizeOf(bytes: number): string {
  const power = Math.min(Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1000)), units.length - 1);
  return `${Math.round(bytes / 1000 ** power)} ${units[power]}`;
}
