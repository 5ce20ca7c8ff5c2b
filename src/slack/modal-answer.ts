import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { ModalView, ViewsUpdateArguments } from "@slack/web-api";
import { WebAPIPlatformError, type WebClient } from "@slack/web-api";

/** What a submitted form is answered with, once. */
export interface ModalAnswer {
  /** Lays a view in front of the form. */
  show(view: ModalView): Promise<void>;
  /** Says what is wrong, by input; `otherwise` is shown where it is too late for that. */
  refuse(errors: Readonly<Record<string, string>>, otherwise: ModalView): Promise<void>;
}

/** How a submission is acknowledged. */
export type AckView = (
  response:
    | { readonly response_action: "push"; readonly view: ModalView }
    | { readonly response_action: "errors"; readonly errors: Record<string, string> },
) => Promise<void>;

/** Milliseconds after which whoever waits sees a view that says so, well within the three seconds that Slack gives. */
const PATIENCE = 800;
/** Milliseconds before a view that Slack has not laid there yet is looked for again. */
const PAUSES = [150, 300, 600, 1_200];

/** Answers a form in time, however long the answer takes: `loading` stands in its place meanwhile. */
export function createModalAnswer(
  ack: AckView,
  client: Pick<WebClient, "views">,
  loading: ModalView,
): ModalAnswer {
  const externalId = randomUUID();
  let acknowledged: Promise<void> | undefined;
  const timer = setTimeout(() => {
    acknowledged = ack({
      response_action: "push",
      view: { ...loading, external_id: externalId },
    });
    // Told to whoever shows the answer.
    acknowledged.catch(() => undefined);
  }, PATIENCE);

  async function show(view: ModalView): Promise<void> {
    clearTimeout(timer);
    if (acknowledged === undefined) {
      acknowledged = ack({ response_action: "push", view });
      return acknowledged;
    }
    await acknowledged;
    await update(client, { external_id: externalId, view: { ...view, external_id: externalId } });
  }

  return {
    show,
    async refuse(errors, otherwise) {
      if (acknowledged !== undefined) return show(otherwise);
      clearTimeout(timer);
      acknowledged = ack({ response_action: "errors", errors: { ...errors } });
      return acknowledged;
    },
  };
}

/** The acknowledgement may reach Slack after what follows it. */
async function update({ views }: Pick<WebClient, "views">, view: ViewsUpdateArguments): Promise<void> {
  for (const pause of [...PAUSES, undefined]) {
    try {
      await views.update(view);
      return;
    } catch (error) {
      const isThere = !(error instanceof WebAPIPlatformError) || error.data.error !== "not_found";
      if (isThere || pause === undefined) throw error;
      await sleep(pause);
    }
  }
}
