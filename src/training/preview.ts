import { fromBytes } from "../data/pixel-bytes.ts";
import type { Device } from "../device/device.ts";
import { readBack } from "../device/read-back.ts";
import { quads, unpadRows } from "../math/layout.ts";
import { imageValues } from "../spec/network.ts";
import type { RunResources } from "./run-resources.ts";
import { cleanQuadBytes } from "./step-buffers.ts";

/** Images before and after the network, and the clean ones; each [count, pixels]. */
export interface Preview {
  readonly noisy: Float32Array<ArrayBuffer>;
  readonly denoised: Float32Array<ArrayBuffer>;
  /** In [0, 1]. */
  readonly clean: Float32Array<ArrayBuffer>;
}

/**
 * Denoises validation images, by number, as validation does: with the same noise and the current weights. It shares
 * the training's batch buffers, which every step overwrites.
 */
export async function readPreview(
  device: Device,
  run: RunResources,
  images: readonly number[],
): Promise<Preview> {
  const { activations, cleanBatch, sampleBits } = run.buffers;
  const { layout } = run.buffers.network;
  const inputs = imageValues(layout.network);
  const stray = images.find(
    (image) => !Number.isInteger(image) || image < 0 || image >= run.validation.sweep.count,
  );
  if (stray !== undefined) throw new RangeError(`There is no validation image ${stray}.`);
  const preview = await run.preview();
  const noisy = new Float32Array(images.length * inputs);
  const denoised = new Float32Array(images.length * inputs);
  const clean = new Float32Array(images.length * inputs);
  for (let first = 0; first < images.length; first += preview.sweep.batch) {
    const chosen = images.slice(first, first + preview.sweep.batch);
    preview.sweep.visit(chosen);
    preview.images.rewind({
      count: chosen.length,
      imageAt: (position) => chosen[position] ?? 0,
      epoch: 0,
    });
    await preview.images.ready(0);
    device.submit(preview.dispatches[0] ?? []);
    const bytes = 16 * chosen.length * quads(inputs);
    const quadBytes = cleanQuadBytes(sampleBits);
    const [x, y, wanted] = await readBack(device, [
      { buffer: activations, bytes },
      { buffer: activations, offset: 16 * layout.pictureOffset, bytes },
      { buffer: cleanBatch, bytes: (bytes / 16) * quadBytes },
    ]);
    const padded = sampleBits === 8 ? fromBytes(new Uint8Array(wanted)) : new Float32Array(wanted);
    const input = unpadRows(new Float32Array(x), chosen.length, inputs);
    noisy.set(
      input.map((value) => value + run.centre),
      first * inputs,
    );
    denoised.set(unpadRows(new Float32Array(y), chosen.length, inputs), first * inputs);
    clean.set(unpadRows(padded, chosen.length, inputs), first * inputs);
  }
  return { noisy, denoised, clean };
}
