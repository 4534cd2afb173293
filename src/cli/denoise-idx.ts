import { encodeIdxHeader } from "../data/idx.ts";
import { type Images, sourceOf } from "../data/image-source.ts";
import { fromBytes, toBytes } from "../data/pixel-bytes.ts";
import { Denoiser } from "../network/denoiser.ts";
import { InputError } from "../spec/input-error.ts";
import { loadImages, loadModel } from "./input-files.ts";
import { openNodeGpu } from "./node-gpu.ts";
import { type Content, prepareFolder, writeFiles } from "./output-files.ts";
import { cut, sheetPng } from "./pictures.ts";

/** The options of `unsnow denoise` for an IDX file. */
export interface DenoiseIdxOptions {
  readonly model: string;
  readonly data: string;
  readonly out: string;
}

const outputNames = { images: "denoised.idx", sheet: "denoised.png" } as const;

/** Pictures on the contact sheet, and in a row of it. */
const sheetCount = 100;
const sheetAcross = 10;

/**
 * `unsnow denoise` of an IDX file: reads and checks, denoises, writes. Throws an InputError or a GpuError, and then no file
 * is touched.
 */
export async function denoiseIdx({ model: modelName, data, out }: DenoiseIdxOptions): Promise<void> {
  const model = await loadModel(modelName);
  const images = await loadImages(data);
  const [rows, columns] = model.network.image;
  if (model.network.channels !== 1) {
    throw new InputError(`${modelName} denoises colour pictures, but the images of ${data} are grey.`);
  }
  if (images.rows !== rows || images.columns !== columns) {
    throw new InputError(
      `${modelName} denoises images of ${rows} x ${columns} pixels, but those of ${data} have ${images.rows} x ${images.columns}.`,
    );
  }

  const { gpu, remark } = await openNodeGpu();
  try {
    if (remark) console.error(remark);
    await prepareFolder(out, Object.values(outputNames));
    const denoiser = await Denoiser.create(gpu, model);
    const sheet: Uint8Array[] = [];
    async function* idxFile() {
      yield encodeIdxHeader([images.count, rows, columns]);
      for await (const denoised of denoiser.denoiseStream(noisyBatches(images, denoiser.batch))) {
        const bytes = toBytes(denoised);
        if (sheet.length < sheetCount)
          sheet.push(...cut(bytes, rows * columns).slice(0, sheetCount - sheet.length));
        yield bytes;
      }
    }
    await writeFiles(
      out,
      new Map<string, Content>([
        [outputNames.images, idxFile()],
        [outputNames.sheet, () => sheetPng(sheet, images, sheetAcross)],
      ]),
    );
    console.log(`Denoised ${images.count} images of ${data} on ${gpu.adapter.name} into ${out}.`);
  } finally {
    gpu.destroy();
  }
}

/** The images in batches [count, pixels] in [0, 1]. */
async function* noisyBatches(images: Images, batch: number): AsyncGenerator<Float32Array> {
  const { count, rows, columns, read } = sourceOf(images);
  const size = rows * columns;
  for (let start = 0; start < count; start += batch) {
    const chosen = Uint32Array.from({ length: Math.min(batch, count - start) }, (_, index) => start + index);
    const bytes = new Uint8Array(chosen.length * size);
    await read(chosen, bytes, size);
    yield fromBytes(bytes);
  }
}
