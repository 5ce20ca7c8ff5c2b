import type { Asked } from "../domain/asked.ts";
import type { Report } from "../domain/report.ts";
import { compactRequest } from "../messages/controls.ts";
import { pageOf } from "../messages/grid.ts";
import type { SlackMessage } from "../messages/message.ts";
import { buildAnswerModal } from "../messages/modal.ts";
import { buildMessage } from "../messages/report.ts";
import { formats } from "../render/formats.ts";
import { type PictureDeps, uploadPictures } from "../slack-api/pictures.ts";
import type { Publisher } from "../slack-api/publish.ts";
import type { Responder } from "./respond.ts";

/** Where an answer goes: to one person's eyes in a conversation, or into a modal that is open already. */
export type Target = (
  | { readonly type: "message"; readonly url: string; readonly replace: boolean; readonly canShare: boolean }
  | { readonly type: "modal"; readonly viewId: string }
) & {
  /** Whether the answer is still to be shown once it is made; if not said, it is. */
  readonly isWanted?: () => boolean;
};

/** The formats that people ask for; pictures are in the message already. */
const exports = (["csv", "xlsx", "pdf"] as const).map((name) => ({
  label: formats[name].title,
  value: name,
}));

/** Whether others are in the conversation: not in a direct message, whose id begins with a D. */
export function isShared(channel: string): boolean {
  return !channel.startsWith("D");
}

export interface ShowDeps extends PictureDeps {
  readonly responder: Responder;
  readonly publisher: Publisher;
  readonly commandDeps: { readonly clock: () => number };
}

/** Shows a report with its controls. `remark` is said at its end. */
export async function show(
  deps: ShowDeps,
  report: Report,
  { at, page: wanted }: Pick<Asked, "at" | "page">,
  target: Target,
  remark?: string,
): Promise<void> {
  const { responder, publisher } = deps;
  const [page, files] = await Promise.all([pageOf(report, wanted), uploadPictures(deps, report)]);
  if (target.isWanted?.() === false) return;
  const now = new Date(deps.commandDeps.clock());
  const asked = { request: compactRequest(report), at, page: page.page };
  const canShare = target.type === "message" && target.canShare;
  const base = {
    now,
    page,
    controls:
      target.type === "message"
        ? { asked, canShare, canOpenForms: true, exports }
        : // A file comes as a direct message, which nobody sees behind a modal.
          { asked, canShare: false, canOpenForms: false, exports: [] },
    ...(remark === undefined ? {} : { remark }),
  };
  const taken =
    target.type === "message"
      ? await responder.respond(
          target.url,
          (form) =>
            buildMessage(report, {
              ...base,
              files: form.images ? files : {},
              table: form.table ? "block" : "plain",
            }),
          target,
        )
      : await publisher.updateModal(target.viewId, (form) =>
          buildAnswerModal(buildMessage(report, { ...base, files: form.images ? files : {}, table: "list" })),
        );
  if (!taken.images) for (const file of Object.values(files)) deps.uploader.forget(file);
}

/** Shows a message that is no report where the target says, also in the place of what is there. */
export async function place(
  { responder, publisher }: Pick<ShowDeps, "responder" | "publisher">,
  message: SlackMessage,
  target: Target,
): Promise<void> {
  if (target.type === "message") await responder.respond(target.url, () => message, target);
  else await publisher.updateModal(target.viewId, () => buildAnswerModal(message));
}

/** Shows a message that is no report, such as what went wrong. It takes no message's place; without a target, nothing. */
export async function tell(
  { responder, publisher }: Pick<ShowDeps, "responder" | "publisher">,
  message: SlackMessage,
  target: Target | undefined,
): Promise<void> {
  if (target === undefined) return;
  if (target.type === "message") await responder.respond(target.url, () => message);
  else await publisher.updateModal(target.viewId, () => buildAnswerModal(message));
}
