import { setTimeout as sleep } from "node:timers/promises";
import type { WebClient } from "@slack/web-api";
import { AppError } from "../errors.ts";
import { createCache } from "./cache.ts";
import { patiently } from "./client.ts";

/** A picture to show in a message. */
interface Picture {
  /** Says all that the picture shows: with the same key it is the same picture. */
  readonly key: string;
  draw(): Promise<Uint8Array<ArrayBuffer>>;
  /** File name, and the title that Slack shows. */
  readonly name: string;
  readonly title: string;
}

/** Brings pictures to Slack; the same one is drawn and sent only once in a while. */
export interface Uploader {
  /** The id of the file once Slack can show it. @throws AppError, or what Slack refused */
  upload(picture: Picture): Promise<string>;
  /** Says that Slack would not show the file after all, so that it is uploaded anew the next time. */
  forget(fileId: string): void;
}

/** Milliseconds. */
export interface PictureTiming {
  /** Until the first look whether Slack is ready to show a file; later looks come slower. */
  readonly firstLook: number;
  /** How long Slack may take before an answer goes without the picture. */
  readonly patience: number;
  /** Until a picture is tried again that Slack refused all the same. */
  readonly pause: number;
}

export const defaultTiming: PictureTiming = { firstLook: 100, patience: 8_000, pause: 700 };
const SLOWER = 1.6;
const SLOWEST_LOOK = 1_500;
const POST_TIMEOUT = 10_000;
const KEPT_FOR = 10 * 60_000;
const KEPT = 100;

export function createUploader(
  client: Pick<WebClient, "files">,
  clock: () => number,
  timing: Pick<PictureTiming, "firstLook" | "patience">,
): Uploader {
  const cache = createCache<string>({ most: KEPT, lifetime: KEPT_FOR, clock });
  const keys = new Map<string, string>();

  async function send({ draw, name, title }: Picture): Promise<string> {
    const png = await draw();
    const ticket = await patiently(() =>
      client.files.getUploadURLExternal({ filename: name, length: png.byteLength }),
    );
    const { upload_url: url, file_id: id } = ticket;
    if (url === undefined || id === undefined) throw new AppError("Slack gave no upload address");
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "image/png" },
      body: png,
      signal: AbortSignal.timeout(POST_TIMEOUT),
    });
    if (!response.ok) throw new AppError(`Slack did not take the upload: ${response.status}`);
    await patiently(() => client.files.completeUploadExternal({ files: [{ id, title }] }));
    await untilReady(id);
    return id;
  }

  /**
   * A file is no image to Slack until it has a mimetype, and a message that shows it before that is refused
   * (node-slack-sdk 2260).
   */
  async function untilReady(id: string): Promise<void> {
    const deadline = performance.now() + timing.patience;
    for (let pause = timing.firstLook; ; pause = Math.min(pause * SLOWER, SLOWEST_LOOK)) {
      await sleep(pause);
      const { file } = await patiently(() => client.files.info({ file: id }));
      if (file?.mimetype) return;
      if (performance.now() + pause > deadline) throw new AppError(`Slack has not looked at ${id} in time`);
    }
  }

  return {
    async upload(picture) {
      const id = await cache.get(picture.key, () => send(picture));
      keys.set(id, picture.key);
      if (keys.size > KEPT) keys.delete(keys.keys().next().value ?? id);
      return id;
    },
    forget(id) {
      const key = keys.get(id);
      if (key !== undefined) cache.forget(key);
    },
  };
}
