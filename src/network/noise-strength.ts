import { type PictureRows, rowsOf } from "../data/picture.ts";
import { imageValues, type NetworkSpec } from "../spec/network.ts";

/** Loaded when first needed: most networks have no noise map. */
async function estimator(): Promise<(picture: PictureRows) => Promise<number>> {
  return (await import("../filters/estimated-strength.ts")).estimatedStrength;
}

/** The strength of the noise in a picture, as given or estimated; 0 for a network without a noise map. */
export async function strengthOfPicture(
  network: NetworkSpec,
  picture: PictureRows,
  given: number | undefined,
): Promise<number> {
  if (!network.noiseMap) return 0;
  return given ?? (await estimator())(picture);
}

/** The strength of the noise in each of `count` images [count, pixels]; none for a network without a noise map. */
export async function strengthsOfImages(
  network: NetworkSpec,
  images: Float32Array,
  count: number,
  given: number | undefined,
): Promise<number[]> {
  if (!network.noiseMap) return [];
  if (given !== undefined) return Array.from({ length: count }, () => given);
  const estimate = await estimator();
  const { channels } = network;
  const [rows, columns] = network.image;
  const size = imageValues(network);
  const strengths: number[] = [];
  for (let image = 0; image < count; image++) {
    const values = images.slice(image * size, (image + 1) * size);
    strengths.push(await estimate(rowsOf({ rows, columns, channels, values })));
  }
  return strengths;
}
