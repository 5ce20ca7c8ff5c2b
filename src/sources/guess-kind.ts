import type { EventKind } from "../domain/event.ts";

/** In this order: a failed sign-in is a sign-in too, and who signs out of a session does not open one. */
const signs: readonly (readonly [sign: RegExp, kind: EventKind])[] = [
  [/(?=.*(?:fail|denied|invalid|wrong|unsuccessful|reject|locked))(?=.*(?:log|sign|auth))/, "login_failed"],
  [/log(?:ged)?[ _-]?(?:out|off)|sign(?:ed)?[ _-]?(?:out|off)/, "logout"],
  [/auto[ _-]?fill|\bfill(?:ed)?\b/, "password_autofilled"],
  [
    /(?=.*(?:add|creat|new\b|import))(?=.*(?:account|item|password|secret|record|entry|credential|login|site))/,
    "account_added",
  ],
  [/log(?:ged)?[ _-]?(?:in|on)\b|sign(?:ed)?[ _-]?(?:in|on)\b|\blogin|authenticated/, "login"],
  [
    /remote|\brdp\b|\bssh\b|\bvnc\b|connection|connected|tunnel|session (?:start|launch|open)/,
    "remote_connection",
  ],
  [/view|reveal|cop(?:y|ied)|access|show|retriev|check(?:ed)?[ _-]?out|unmask|disclos/, "password_accessed"],
];

/** What a vault's word for an event probably means; a person has the last word on it. */
export function guessKind(word: string): EventKind {
  const text = word
    .replace(/(?<=\p{Ll})(?=\p{Lu})/gu, " ")
    .toLowerCase()
    .replaceAll("_", " ");
  return signs.find(([sign]) => sign.test(text))?.[1] ?? "other";
}
