import { toBytes } from "../data/contact-sheet.ts";
import { encodeIdx } from "../data/idx.ts";
import type { ImageSet } from "../data/image-set.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { Denoiser } from "../network/denoiser.ts";
import { InputError } from "../spec/input-error.ts";
import type { Model } from "../spec/network.ts";
import { loadImages, loadModel } from "./input-files.ts";
import { openNodeGpu } from "./node-gpu.ts";
import { prepareFolder, writeFiles } from "./output-files.ts";
import { cut, sheetPng } from "./pictures.ts";

/** The options of `unsnow denoise`. */
export interface DenoiseOptions {
  readonly model: string;
  readonly data: string;
  readonly out: string;
}

const outputNames = { images: "denoised.idx", sheet: "denoised.png" } as const;

/** Pictures on the contact sheet, and in a row of it. */
const sheetCount = 100;
const sheetAcross = 10;

/** Numbers that a layer's output may have at a time, so that memory stays bounded. */
const sliceNumbers = 2 ** 22;

/** `unsnow denoise`: reads and checks, denoises, writes. Throws an InputError or a GpuError, and then no file is touched. */
export async function denoise({ model: modelName, data, out }: DenoiseOptions): Promise<void> {
  const model = await loadModel(modelName);
  const images = await loadImages(data);
  const [rows, columns] = model.network.image;
  if (images.rows !== rows || images.columns !== columns) {
    throw new InputError(
      `${modelName} denoises images of ${rows} x ${columns} pixels, but those of ${data} have ${images.rows} x ${images.columns}.`,
    );
  }

  const { gpu, remark } = await openNodeGpu();
  try {
    if (remark) console.error(remark);
    await prepareFolder(out, Object.values(outputNames));
    const pixels = await denoiseAll(gpu, model, images);
    const sheet = cut(pixels.subarray(0, sheetCount * rows * columns), rows * columns);
    await writeFiles(
      out,
      new Map([
        [outputNames.images, encodeIdx([images.count, rows, columns], pixels)],
        [outputNames.sheet, await sheetPng(sheet, images, sheetAcross)],
      ]),
    );
    console.log(`Denoised ${images.count} images of ${data} on ${gpu.adapter.name} into ${out}.`);
  } finally {
    gpu.destroy();
  }
}

/** Noisy images -> denoised bytes [count, rows, columns]. */
async function denoiseAll(
  gpu: Gpu,
  model: Model,
  { count, pixels }: ImageSet,
): Promise<Uint8Array<ArrayBuffer>> {
  const { inputs, hidden } = model.network;
  const slice = Math.min(count, Math.max(1, Math.floor(sliceNumbers / Math.max(inputs, ...hidden))));
  const denoiser = await Denoiser.create(gpu, model, Math.min(slice, 256));
  try {
    const denoised = new Uint8Array(pixels.length);
    for (let start = 0; start < count * inputs; start += slice * inputs) {
      const noisy = Float32Array.from(pixels.subarray(start, start + slice * inputs), (byte) => byte / 255);
      denoised.set(toBytes(await denoiser.denoise(noisy)), start);
    }
    return denoised;
  } finally {
    denoiser.destroy();
  }
}
