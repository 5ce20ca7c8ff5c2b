/** The formats of pictures, which are also the endings of their files. */
export const pictureFormats = ["png", "svg"] as const;
export type PictureFormat = (typeof pictureFormats)[number];
