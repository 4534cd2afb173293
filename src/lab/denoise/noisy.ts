import type { Plane } from "../../data/plane.ts";
import { streams } from "../../math/streams.ts";
import { addNoise } from "../../reference/add-noise.ts";

/**
 * An image with Gaussian noise of a factor, clipped to [0, 1] as a stored picture is. `field` is the number of the noise: the
 * same number is the same noise, however thick it is put on.
 */
export function noisy({ rows, columns, values }: Plane, factor: number, field: number): Plane {
  const noise = { stages: [{ kind: "gaussian", setting: factor }], clip: true } as const;
  const key = { seed: 0, stream: streams.validationNoise, epoch: 0 };
  const added = addNoise(values, { rows, columns, channels: 1 }, noise, key, field);
  return { rows, columns, values: Float32Array.from(added) };
}
