import type { Picture } from "../../data/picture.ts";
import { streams } from "../../math/streams.ts";
import { addNoise } from "../../reference/noise.ts";

/** The side of the scene in pixels. */
const side = 128;

/** The standard deviation of its noise, where white is 255. */
export const sceneSigma = 25;

/** A noisy grey picture, and the same one without noise. */
export interface Scene {
  readonly noisy: Picture;
  readonly clean: Picture;
}

/** Discs, edges and stripes, and the same with noise. They are made by code, because the page comes with no photographs. */
export function makeScene(): Scene {
  const size = { rows: side, columns: side, channels: 1 };
  const values = Float32Array.from({ length: side * side }, (_, place) =>
    shadeAt(place % side, Math.floor(place / side)),
  );
  const noise = { stages: [{ kind: "gaussian", setting: sceneSigma / 255 }], clip: true } as const;
  const key = { seed: 0, stream: streams.validationNoise, epoch: 0 };
  const noisy = Float32Array.from(addNoise(values, size, noise, key, 0));
  return { noisy: { ...size, values: noisy }, clean: { ...size, values } };
}

/** The shade of a pixel in [0, 1], `x` pixels from the left and `y` from the top. */
function shadeAt(x: number, y: number): number {
  const inside = (centreX: number, centreY: number, radius: number) =>
    Math.hypot(x - centreX, y - centreY) < radius;
  if (inside(44, 40, 12)) return 0.3;
  if (inside(44, 40, 26)) return 0.85;
  if (inside(94, 34, 15)) return 0.2 + 0.5 * ((x - 79) / 30);
  // A wall with stripes, and a tilted roof above it.
  if (y > 88) return x > 64 && x % 12 < 6 ? 0.25 : 0.7;
  if (y > 70 + 0.28 * Math.abs(x - 84)) return 0.15;
  return 0.4 + 0.2 * (y / side);
}
