import { eightfold } from "../alone/eightfold.ts";
import { cutRegion, learnedRegions, mostPixels } from "../alone/halves.ts";
import { checkLargeEnough, learnFromPictures } from "../alone/one-picture.ts";
import type { Picture } from "../data/picture.ts";
import type { SampleFormat } from "../data/samples.ts";
import { byColour } from "../engine/by-colour.ts";
import type { Engine, EnginePictureDenoiser } from "../engine/engine.ts";
import type { Region } from "../network/centre-out.ts";
import type { Blend } from "../network/picture-denoiser.ts";
import { usualBlend } from "../spec/blind-spots.ts";
import { InputError } from "../spec/input-error.ts";
import { checkStrength, type Model } from "../spec/network.ts";
import { DivergenceError } from "../training/divergence-error.ts";
import { loadModel, loadNotedModel } from "./input-files.ts";
import type { Io } from "./io.ts";
import type { ModelOptions } from "./model-options.ts";
import type { PictureFile, PicturePage, RangeOfPage } from "./picture-file.ts";
import { photoModels } from "./shipped-models.ts";

/** Denoisers for picture files: one for all files, or one per file that learns from it. */
export interface FileDenoisers {
  /**
   * The denoiser for the pages of a file; it is valid until the next call. Learning throws the signal's reason when it is aborted, and
   * calls `onProgress` with the completed share.
   */
  forFile(
    file: PictureFile,
    rangeOf: RangeOfPage,
    task: { readonly signal: AbortSignal; readonly onProgress: (share: number) => void },
  ): Promise<EnginePictureDenoiser>;
  destroy(): void;
}

/** The models for grey and for coloured pictures; `coloured` is undefined if one model is for both. */
export interface PictureModels {
  readonly grey: Model;
  readonly coloured?: Model;
  /** The samples that the model was trained on, if its file says so. */
  readonly trained?: SampleFormat | undefined;
  /** How results are mixed with the noisy pictures unless another way is chosen. Default: 1, not at all. */
  readonly blend?: Blend;
}

/** What is said when results are mixed with the noisy pictures without being asked to. */
export const learnedBlind =
  "The model learned from blind spots: noisy pictures are mixed into its results where it errs";

/** Reads the model; `photo` means two models, for grey and for coloured pictures. Throws an InputError. */
export async function loadPictureModels(
  io: Io,
  options: ModelOptions,
  strength: number | undefined,
): Promise<PictureModels> {
  const { model: grey, note } = await loadNotedModel(io, options.model, options);
  checkStrength(grey.network, strength);
  if (options.model !== photoModels.grey) return { grey, trained: note?.samples, blend: usualBlend(note) };
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

/** A network for each file, trained on its pages alone. */
export function selfDenoisers(engine: Engine, steps: number | undefined): FileDenoisers {
  let denoiser: EnginePictureDenoiser | undefined;
  const destroy = () => {
    denoiser?.destroy();
    denoiser = undefined;
  };
  return {
    async forFile(file, rangeOf, { signal, onProgress }) {
      destroy();
      const { name, pictures } = await learnedPages(file, rangeOf);
      const model = await learnFromPictures(engine, pictures, { steps, signal, onProgress }).catch(
        (error: unknown) => {
          if (!(error instanceof DivergenceError)) throw error;
          throw new InputError(
            `The network that learns from ${name} diverged: its values may differ too much in size.`,
          );
        },
      );
      signal.throwIfAborted();
      denoiser = eightfold(await engine.createPictureDenoiser(model));
      return denoiser;
    },
    destroy,
  };
}

/**
 * Evenly spaced pages of a file with the channels of the first one, or excerpts of large pages: about 4 million pixels in total.
 * Throws an InputError for a page that is too small or has values that are not numbers.
 */
async function learnedPages(
  file: PictureFile,
  rangeOf: RangeOfPage,
): Promise<{ readonly name: string; readonly pictures: readonly Picture[] }> {
  const first = await file.page(0, rangeOf);
  const count = Math.min(file.pages, Math.ceil(mostPixels / (first.rows * first.columns)));
  const pictures: Picture[] = [];
  let pixels = 0;
  for (let index = 0; index < count && (index === 0 || pixels < mostPixels); index++) {
    const page = index === 0 ? first : await file.page(Math.floor((index * file.pages) / count), rangeOf);
    checkLargeEnough(page, page.name);
    if (page.channels !== first.channels) continue;
    for (const region of learnedRegions(page)) {
      const picture = read(page, region);
      if (picture.values.some(Number.isNaN)) {
        throw new InputError(`${page.name} has values that are not numbers, which cannot be learned from.`);
      }
      pictures.push(picture);
      pixels += picture.rows * picture.columns;
    }
  }
  return { name: first.name, pictures };
}

/** A region of a page. */
function read(page: PicturePage, { top, bottom, left, right }: Region): Picture {
  const { columns, channels } = page;
  const band = { rows: bottom - top, columns, channels, values: page.read(top, bottom) };
  return cutRegion(band, { top: 0, bottom: bottom - top, left, right });
}
