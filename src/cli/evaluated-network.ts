import type { Picture } from "../data/picture.ts";
import type { Engine } from "../engine/engine.ts";
import type { Sample } from "../filters/filter-tasks.ts";
import type { PictureTask } from "../network/picture-denoiser.ts";
import { imageValues, type Model } from "../spec/network.ts";

/** A noisy picture, and the strength of its noise if known. */
type NoisyPicture = Pick<Sample, "noisy" | "strength">;

/** A network that denoises pictures. */
export interface EvaluatedNetwork {
  /** The denoised pictures, clipped to [0, 1] as for storage. */
  denoise(samples: readonly NoisyPicture[]): Promise<Picture[]>;
  destroy(): void;
}

/** A network without a noise map, for grey images of exactly its size in batches of `batch`. */
export async function imageNetwork(engine: Engine, model: Model, batch: number): Promise<EvaluatedNetwork> {
  const denoiser = await engine.createDenoiser(model, batch);
  return {
    async denoise(samples) {
      const size = imageValues(model.network);
      const images = new Float32Array(samples.length * size);
      samples.forEach(({ noisy }, index) => {
        images.set(noisy.values, index * size);
      });
      const denoised = await denoiser.denoise(images);
      return samples.map(({ noisy }, index) => ({
        ...noisy,
        values: clipped(denoised.subarray(index * size, (index + 1) * size)),
      }));
    },
    destroy: () => denoiser.destroy(),
  };
}

/** A network for pictures of any size; `stride` is that of PictureDenoiser. */
export async function pictureNetwork(
  engine: Engine,
  model: Model,
  {
    stride,
    ...task
  }: Pick<PictureTask, "blend"> & { readonly stride: number | undefined; readonly signal: AbortSignal },
): Promise<EvaluatedNetwork> {
  const denoiser = await engine.createPictureDenoiser(model, { stride });
  return {
    async denoise(samples) {
      const denoised: Picture[] = [];
      for (const { noisy, strength } of samples) {
        const known = model.network.noiseMap ? strength : undefined;
        denoised.push(await denoiser.denoisePicture(noisy, { ...task, strength: known }));
      }
      return denoised.map((picture) => ({ ...picture, values: clipped(picture.values) }));
    },
    destroy: () => denoiser.destroy(),
  };
}

function clipped(values: Float32Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(values, (value) => Math.min(1, Math.max(0, value)));
}
