import type { HomeView, ModalView } from "@slack/types";
import { WebAPIPlatformError, type WebClient } from "@slack/web-api";
import type { Logger } from "pino";
import type { SlackMessage } from "../messages/message.ts";
import { patiently } from "./client.ts";
import { type Form, type Refusal, refusal, sendFittest } from "./forms.ts";

/** Puts what the app has to say where a response URL does not reach, in the fullest form that Slack takes. */
export interface Publisher {
  /** Posts for everybody in the channel, or to one person by a user id. */
  post(channel: string, build: (form: Form) => SlackMessage): Promise<Posted>;
  updateModal(viewId: string, build: (form: Form) => ModalView, isWanted?: () => boolean): Promise<Form>;
  /** Gives false where somebody was quicker: `hash` is that of the view that it is to follow, if any. */
  publishHome(userId: string, view: HomeView, hash?: string): Promise<{ hash: string | undefined } | false>;
}

/** Where a message stands; `channel` is its conversation, also where it was posted to a person. */
export interface Posted {
  readonly form: Form;
  readonly channel: string;
  /** Its time, which is its id in the channel. */
  readonly ts: string;
}

const TRIES = 4;
/** What is wrong with a message's form; of anything else another form would be refused as well. */
const FORM_ERRORS = new Set([
  "invalid_blocks",
  "invalid_blocks_format",
  "invalid_arguments",
  "invalid_attachments",
]);

export function createPublisher(
  client: WebClient,
  { logger, pause }: { logger: Logger; pause: number },
): Publisher {
  async function fittest(send: (form: Form) => Promise<unknown>, isWanted?: () => boolean): Promise<Form> {
    let left = TRIES;
    return sendFittest(
      async (form) => {
        left -= 1;
        return refusalOf(() => patiently(() => send(form)));
      },
      { left: () => left, pause, logger, isWanted },
    );
  }

  return {
    async post(to, build) {
      const at = { channel: to, ts: "" };
      const form = await fittest(async (tried) => {
        const { text, blocks } = build(tried);
        const { channel, ts } = await client.chat.postMessage({
          channel: to,
          text,
          ...(tried.blocks ? { blocks: [...blocks] } : {}),
          mrkdwn: false,
          unfurl_links: false,
          unfurl_media: false,
        });
        Object.assign(at, { channel, ts });
      });
      return { ...at, form };
    },
    updateModal: (viewId, build, isWanted) =>
      fittest((form) => client.views.update({ view_id: viewId, view: build(form) }), isWanted),
    async publishHome(userId, view, hash) {
      try {
        const published = await patiently(() =>
          client.views.publish({ user_id: userId, view, ...(hash === undefined ? {} : { hash }) }),
        );
        return { hash: published.view?.hash };
      } catch (error) {
        if (error instanceof WebAPIPlatformError && error.data.error === "hash_conflict") return false;
        throw error;
      }
    },
  };
}

async function refusalOf(send: () => Promise<unknown>): Promise<Refusal | undefined> {
  try {
    await send();
    return undefined;
  } catch (error) {
    if (!(error instanceof WebAPIPlatformError) || !FORM_ERRORS.has(error.data.error)) throw error;
    return refusal(error.data.error, JSON.stringify(error.data));
  }
}
