import type { Picture } from "../data/picture.ts";
import type { Engine } from "../engine/engine.ts";
import { imageValues, type Model } from "../spec/network.ts";

/** A network that denoises pictures. */
export interface EvaluatedNetwork {
  /** The denoised pictures, clipped to [0, 1] as for storage. */
  denoise(noisy: readonly Picture[]): Promise<Picture[]>;
  destroy(): void;
}

/** A network for grey images of exactly its size, `batch` at a time. */
export async function imageNetwork(engine: Engine, model: Model, batch: number): Promise<EvaluatedNetwork> {
  const denoiser = await engine.createDenoiser(model, batch);
  return {
    async denoise(noisy) {
      const size = imageValues(model.network);
      const images = new Float32Array(noisy.length * size);
      noisy.forEach(({ values }, index) => {
        images.set(values, index * size);
      });
      const denoised = await denoiser.denoise(images);
      return noisy.map((picture, index) => ({
        ...picture,
        values: clipped(denoised.subarray(index * size, (index + 1) * size)),
      }));
    },
    destroy: () => denoiser.destroy(),
  };
}

/** A network for pictures of any sizes, as overlapping windows; `stride` as PictureDenoiser takes it. */
export async function pictureNetwork(
  engine: Engine,
  model: Model,
  { stride, signal }: { readonly stride: number | undefined; readonly signal: AbortSignal },
): Promise<EvaluatedNetwork> {
  const denoiser = await engine.createPictureDenoiser(model, { stride });
  return {
    async denoise(noisy) {
      const denoised: Picture[] = [];
      for (const picture of noisy) denoised.push(await denoiser.denoisePicture(picture, { signal }));
      return denoised.map((picture) => ({ ...picture, values: clipped(picture.values) }));
    },
    destroy: () => denoiser.destroy(),
  };
}

function clipped(values: Float32Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(values, (value) => Math.min(1, Math.max(0, value)));
}
