import sharp from "sharp";

/** A small grey picture as a file chosen by a user. */
export async function tinyPicture(): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const create = { width: 40, height: 30, channels: 3, background: "#888" } as const;
  return { name: "tiny.png", mimeType: "image/png", buffer: await sharp({ create }).png().toBuffer() };
}
