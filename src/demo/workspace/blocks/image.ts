import { z } from "zod";
import { identifier, plainText, publicImage, text } from "./text.ts";

const source = {
  alt_text: text(2000),
  image_url: publicImage.optional(),
  slack_file: z
    .strictObject({ id: text(50).optional(), url: text(3000).optional() })
    .refine(({ id, url }) => (id === undefined) !== (url === undefined), {
      error: "exactly one of id and url is allowed",
    })
    .optional(),
};

const oneSource = {
  check: (image: { image_url?: unknown; slack_file?: unknown }) =>
    (image.image_url === undefined) !== (image.slack_file === undefined),
  error: "exactly one of image_url and slack_file is required",
};

export const imageElement = z
  .strictObject({ type: z.literal("image"), ...source })
  .refine(oneSource.check, { error: oneSource.error });

export const imageBlock = z
  .strictObject({
    type: z.literal("image"),
    block_id: identifier.optional(),
    title: plainText(2000).optional(),
    ...source,
  })
  .refine(oneSource.check, { error: oneSource.error });
