import { join } from "node:path";
import { encodeIdxHeader } from "../data/idx.ts";
import { type Images, sourceOf } from "../data/image-source.ts";
import { fromBytes, toBytes } from "../data/pixel-bytes.ts";
import type { Engine, EngineDenoiser } from "../engine/engine.ts";
import { InputError } from "../spec/input-error.ts";
import { checkStrength, isConvolutional, type Model } from "../spec/network.ts";
import { type ComputeOptions, openComputer } from "./compute.ts";
import { loadImages, loadModel } from "./input-files.ts";
import type { Io, StartFolder } from "./io.ts";
import type { ModelOptions } from "./model-options.ts";
import { type Content, prepareFolder, writeFiles } from "./output-files.ts";
import { realPath } from "./paths.ts";
import { cut, sheetPng } from "./pictures.ts";
import { type Shard, shardRange } from "./shard.ts";

/** The options of `unsnow denoise` for an IDX file. */
export interface DenoiseIdxOptions extends ModelOptions, ComputeOptions {
  readonly data: string;
  readonly out: string;
  readonly shard?: Shard | undefined;
  /** Undefined: estimated from each image. */
  readonly strength?: number | undefined;
}

/** Image values per call of the device: several of its batches, and few enough to fit in any memory. */
const chunkValues = 2 ** 22;

/** Pictures on the contact sheet, and in a row of it. */
const sheetCount = 100;
const sheetAcross = 10;

/**
 * `unsnow denoise` of an IDX file: reads and checks, denoises, writes. Throws an InputError or a DeviceError before it
 * changes any file.
 */
export async function denoiseIdx(io: Io, options: DenoiseIdxOptions): Promise<void> {
  const { model: modelName, data, out, shard, strength } = options;
  const model = await loadModel(io, modelName, options);
  checkStrength(model.network, strength);
  const images = await loadImages(io, data);
  const [rows, columns] = model.network.image;
  const convolutions = isConvolutional(model.network);
  if (!convolutions && model.network.channels !== 1) {
    throw new InputError(`${modelName} denoises colour pictures, but the images of ${data} are grey.`);
  }
  const ownSize = images.rows === rows && images.columns === columns && model.network.channels === 1;
  if (!convolutions && !ownSize) {
    throw new InputError(
      `${modelName} denoises images of ${rows} x ${columns} pixels, but those of ${data} have ${images.rows} x ${images.columns}.`,
    );
  }

  const { first, end } = shardRange(images.count, shard);
  if (first === end)
    throw new InputError(`${data} has ${images.count} images, too few for ${shard?.count} shards.`);
  const outputName = shard ? `denoised.${shard.index}-of-${shard.count}` : "denoised";
  const outputs = { images: `${outputName}.idx`, sheet: `${outputName}.png` };
  await checkSpared(io, data, out, Object.values(outputs));

  const engine = await openComputer(io, options, (line) => io.console.error(line));
  let denoiser: ImageDenoiser | undefined;
  try {
    await prepareFolder(io, out, Object.values(outputs));
    denoiser = ownSize ? await engine.createDenoiser(model) : await pictureByPicture(engine, model, images);
    const sheet: Uint8Array[] = [];
    async function* idxFile(denoiser: ImageDenoiser) {
      yield encodeIdxHeader([end - first, images.rows, images.columns]);
      for await (const noisy of noisyChunks(images, first, end)) {
        const bytes = toBytes(await denoiser.denoise(noisy, strength));
        if (sheet.length < sheetCount)
          sheet.push(...cut(bytes, images.rows * images.columns).slice(0, sheetCount - sheet.length));
        yield bytes;
      }
    }
    await writeFiles(
      io,
      out,
      new Map<string, Content>([
        [outputs.images, idxFile(denoiser)],
        [outputs.sheet, () => sheetPng(sheet, images, sheetAcross)],
      ]),
    );
    io.console.log(`Denoised ${end - first} images of ${data} on ${engine.adapter.name} into ${out}.`);
  } finally {
    denoiser?.destroy();
    engine.close();
  }
}

/** Denoises images [count, pixels]. */
type ImageDenoiser = Pick<EngineDenoiser, "denoise" | "destroy">;

/** Convolutions for grey images of another size than their own, one after the other. */
async function pictureByPicture(
  engine: Engine,
  model: Model,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): Promise<ImageDenoiser> {
  const denoiser = await engine.createPictureDenoiser(model);
  const size = rows * columns;
  return {
    async denoise(noisy, strength) {
      const denoised = new Float32Array(noisy.length);
      for (let start = 0; start < noisy.length; start += size) {
        const picture = { rows, columns, channels: 1, values: noisy.slice(start, start + size) };
        const { values } = await denoiser.denoisePicture(picture, { strength });
        denoised.set(values, start);
      }
      return denoised;
    },
    destroy: () => denoiser.destroy(),
  };
}

/** Throws an InputError if one of the outputs would overwrite the images. */
async function checkSpared(
  start: StartFolder,
  data: string,
  out: string,
  outputs: readonly string[],
): Promise<void> {
  const source = await realPath(start, data);
  const results = await Promise.all(outputs.map((name) => realPath(start, join(out, name))));
  if (source !== undefined && results.includes(source)) {
    throw new InputError(`${data} would be overwritten by its own result: choose another folder for --out.`);
  }
}

/** The images `first` up to, not including, `end` in chunks [count, pixels] in [0, 1]. */
async function* noisyChunks(images: Images, first: number, end: number): AsyncGenerator<Float32Array> {
  const { rows, columns, read } = sourceOf(images);
  const size = rows * columns;
  const chunk = Math.max(1, Math.floor(chunkValues / size));
  for (let start = first; start < end; start += chunk) {
    const chosen = Uint32Array.from({ length: Math.min(chunk, end - start) }, (_, index) => start + index);
    const bytes = new Uint8Array(chosen.length * size);
    await read(chosen, bytes, size);
    yield fromBytes(bytes);
  }
}
