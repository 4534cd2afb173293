import { eightfold } from "../alone/eightfold.ts";
import { checkLargeEnough, learnFromPictures } from "../alone/one-picture.ts";
import type { Picture } from "../data/picture.ts";
import type { SampleFormat } from "../data/samples.ts";
import { byColour } from "../engine/by-colour.ts";
import type { Engine, EnginePictureDenoiser } from "../engine/engine.ts";
import { checkStrength, type Model } from "../spec/network.ts";
import { loadModel, loadNotedModel } from "./input-files.ts";
import type { Io } from "./io.ts";
import type { ModelOptions } from "./model-options.ts";
import type { PictureFile, RangeOfPage } from "./picture-file.ts";
import { photoModels } from "./shipped-models.ts";

/** Denoisers for picture files: one for all of them, or one that learns from each file. */
export interface FileDenoisers {
  /**
   * The denoiser for the pages of a file, until the next one is asked for. Learning throws the signal's reason when it is aborted;
   * `onProgress` is called with the share of it that is done.
   */
  forFile(
    file: PictureFile,
    rangeOf: RangeOfPage,
    task: { readonly signal: AbortSignal; readonly onProgress: (share: number) => void },
  ): Promise<EnginePictureDenoiser>;
  destroy(): void;
}

/** The models for grey and for coloured pictures; `coloured` is missing where one model takes both. */
export interface PictureModels {
  readonly grey: Model;
  readonly coloured?: Model;
  /** The samples that the model was trained on, if its file says so. */
  readonly trained?: SampleFormat | undefined;
}

/** Reads the model; `photo` stands for one for grey pictures and one for coloured ones. Throws an InputError. */
export async function loadPictureModels(
  io: Io,
  options: ModelOptions,
  strength: number | undefined,
): Promise<PictureModels> {
  const { model: grey, note } = await loadNotedModel(io, options.model, options);
  checkStrength(grey.network, strength);
  if (options.model !== photoModels.grey) return { grey, trained: note?.samples };
  const coloured = await loadModel(io, photoModels.coloured, options);
  checkStrength(coloured.network, strength);
  return { grey, coloured };
}

/** The same models for all files. */
export async function modelDenoisers(
  engine: Engine,
  { grey, coloured }: PictureModels,
  stride: number | undefined,
): Promise<FileDenoisers> {
  const forGrey = await engine.createPictureDenoiser(grey, { stride });
  let denoiser = forGrey;
  try {
    if (coloured) denoiser = byColour(forGrey, await engine.createPictureDenoiser(coloured, { stride }));
  } catch (error) {
    forGrey.destroy();
    throw error;
  }
  return { forFile: () => Promise.resolve(denoiser), destroy: () => denoiser.destroy() };
}

/** Pixels of a file that are learned from, at most: of a stack, evenly spaced pages. */
const mostPixels = 2 ** 22;

/** A network for each file that learns from its pages alone. */
export function selfDenoisers(engine: Engine, steps: number | undefined): FileDenoisers {
  let denoiser: EnginePictureDenoiser | undefined;
  const destroy = () => {
    denoiser?.destroy();
    denoiser = undefined;
  };
  return {
    async forFile(file, rangeOf, { signal, onProgress }) {
      destroy();
      const pictures = await learnedPages(file, rangeOf);
      const model = await learnFromPictures(engine, pictures, { steps, signal, onProgress });
      signal.throwIfAborted();
      denoiser = eightfold(await engine.createPictureDenoiser(model));
      return denoiser;
    },
    destroy,
  };
}

/** Evenly spaced pages of a file, all grey or all in colour as the first one. Throws an InputError for one that is too small. */
async function learnedPages(file: PictureFile, rangeOf: RangeOfPage): Promise<Picture[]> {
  const pictures: Picture[] = [];
  let count = file.pages;
  for (let index = 0; index < count; index++) {
    const page = await file.page(Math.floor((index * file.pages) / count), rangeOf);
    checkLargeEnough(page, page.name);
    const { rows, columns, channels } = page;
    if (index === 0) count = Math.min(count, Math.max(1, Math.floor(mostPixels / (rows * columns))));
    else if (channels !== pictures[0]?.channels) continue;
    pictures.push({ rows, columns, channels, values: page.read(0, rows) });
  }
  return pictures;
}
