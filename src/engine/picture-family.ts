import type { Family } from "../kernels/family.ts";
import { denoiseFromCentre, type RegionPicture } from "../network/centre-out.ts";
import type { Model } from "../spec/network.ts";
import type { Engine } from "./engine.ts";

/**
 * The families for pictures on a software GPU, the usual one first. Which one is faster depends on the processor, unless convolutions
 * can use subgroups: then the usual one is.
 */
const [usual, other] = ["tile16", "tile8"] as const;

/**
 * Denoises a picture, to compile what that needs, and on a software GPU tries which family of kernels takes less time; the other
 * family is not tried if `isWaiting`, or if the device has subgroups. The picture must be so large that the usual family is used.
 * Returns undefined for the usual family.
 */
export async function pictureFamily(
  engine: Engine,
  model: Model,
  picture: RegionPicture,
  isWaiting: () => boolean,
): Promise<Family | undefined> {
  const denoise = async (family: Family | undefined, passes: number) => {
    const denoiser = await engine.createPictureDenoiser(model, { family });
    let milliseconds = 0;
    try {
      for (let pass = 0; pass < passes; pass++) {
        const started = performance.now();
        await denoiseFromCentre(denoiser, model.network, picture, () => {});
        milliseconds = performance.now() - started;
      }
    } finally {
      denoiser.destroy();
    }
    return milliseconds;
  };
  const { backend, adapter, device, options } = engine;
  if (backend !== "gpu" || !adapter.software || device.subgroups || options.family !== undefined) {
    await denoise(undefined, 1);
    return undefined;
  }
  // The first pass compiles the kernels.
  const time = await denoise(usual, 2);
  return !isWaiting() && (await denoise(other, 2)) < time ? other : undefined;
}
