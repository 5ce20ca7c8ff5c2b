import { UsageError } from "../errors.ts";
import { formatRequest, type ReportRequest, readRequest } from "./request.ts";

/** A request as somebody sees it answered; what a control under an answer carries. */
export interface Asked {
  readonly request: ReportRequest;
  /** The moment it is answered for, in milliseconds since the epoch, so that a click means what is shown. */
  readonly at: number;
  /** Which part of the table is shown, from 0. */
  readonly page: number;
}

const VERSION = "1";
const FORM = /^1 ([0-9a-z]{1,9}) (\d{1,6}) (.+)$/s;

/** One line that `parseAsked` reads back. */
export function formatAsked({ request, at, page }: Asked): string {
  return [VERSION, at.toString(36), page, formatRequest(request)].join(" ");
}

/** @throws UsageError for what this version did not write */
export function parseAsked(text: string): Asked {
  const [, at = "", page = "", words = ""] = FORM.exec(text) ?? [];
  if (words === "") throw new UsageError("this control is of another version of the app; please ask anew");
  return { request: readRequest(words), at: Number.parseInt(at, 36), page: Number(page) };
}
