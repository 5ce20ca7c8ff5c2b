import { installFonts } from "./font-config.ts";

/** Draws an SVG at twice its size, for sharp screens. */
export async function svgToPng(svg: string): Promise<Buffer> {
  installFonts();
  const { default: sharp } = await import("sharp");
  // 72 dots an inch is one pixel for one; level 1 is the fastest and costs half as much again in size.
  return sharp(Buffer.from(svg), { density: 144 }).png({ compressionLevel: 1 }).toBuffer();
}
