import type { Command } from "commander";
import { selfSteps } from "../alone/one-picture.ts";
import { addComputeOptions } from "./compute.ts";
import type { DenoiseIdxOptions } from "./denoise-idx.ts";
import type { DenoisePicturesOptions } from "./denoise-pictures.ts";
import { addModelOptions, strideOption } from "./model-options.ts";
import { fileName, number, rangeOption } from "./options.ts";
import { shard } from "./shard.ts";

/** The actions of `denoise` for picture files and for an IDX file. */
export interface DenoiseActions {
  pictures(inputs: readonly string[], options: DenoisePicturesOptions): Promise<void>;
  idx(options: DenoiseIdxOptions): Promise<void>;
}

/** The options that are for models only. */
const ofModels = ["strength", "stride", "image", "hidden", "output"] as const;

/** The options as commander parses them. */
interface DenoiseOptions extends Omit<DenoisePicturesOptions, "strength"> {
  readonly data?: string;
  readonly strength?: number | "auto";
}

/** Adds the command `denoise` with its options to the program; `action` sets what it does. */
export function denoiseCommand(program: Command): { action(actions: DenoiseActions): void } {
  const command = program
    .command("denoise")
    .description("Denoises picture files of any size, or the images of an IDX file, with a trained model.")
    .argument(
      "[pictures...]",
      "PNG, JPEG, WebP, TIFF and AVIF files, folders of them, or patterns as 'photos/*.png'",
    );
  addModelOptions(command, { optional: true })
    .optionsGroup("Without a model:")
    .option(
      "--self",
      "learn from each picture alone and denoise it, without a model: for noise that is independent from pixel to pixel, of any strength",
    )
    .option(
      "--steps <count>",
      `training steps with --self: a multiple of ${selfSteps.min}, at most ${selfSteps.max} (default: ${selfSteps.least} to ${selfSteps.most} by the number of pixels; the most from 256 x 256 on, about a minute on two cores)`,
      number,
    )
    .optionsGroup("Results:")
    .requiredOption("--out <folder>", "where to write; created if missing", fileName)
    .option("--shard <I/N>", "denoise only part I of N, so that N machines can share the work", shard)
    .option(
      "--strength <sigma>",
      "standard deviation of the noise, where white is 1, for a model with a noise map: auto or a number, as 0.1 (default: auto, estimated from each picture; one without noise is left as it is)",
      autoOrNumber,
    )
    .optionsGroup("Pictures:")
    .option(
      "--blend <share>",
      "share of the model's result in what is written, 0 to 1; the rest is the picture as it was. auto is for models that learned from blind spots: it estimates the share from the model's error, place by place (default: auto for these models, 1 for others)",
      autoOrNumber,
    )
    .addOption(strideOption())
    .addOption(rangeOption("the model's, or that of the bits"))
    .option("--force", "denoise pictures again even if their results exist")
    .optionsGroup("Images:")
    .option("--data <file>", "noisy images: an IDX file of bytes, gzipped or not, or mnist", fileName);
  addComputeOptions(command).addHelpText("after", notes);
  return {
    action(actions) {
      command.action(async (inputs: readonly string[], options: DenoiseOptions) => {
        const fault = conflict(inputs, options);
        if (fault !== undefined) command.error(`error: ${fault}`);
        const { data, strength, model, ...given } = options;
        const others = { ...given, strength: strength === "auto" ? undefined : strength };
        if (data === undefined)
          await actions.pictures(inputs, { ...others, ...(model !== undefined && { model }) });
        else if (model !== undefined) await actions.idx({ ...others, data, model });
      });
    },
  };
}

/** Parses --strength and --blend. */
function autoOrNumber(text: string): number | "auto" {
  return text === "auto" ? text : number(text);
}

/** What is wrong with the options together; undefined if nothing is. */
function conflict(inputs: readonly string[], options: DenoiseOptions): string | undefined {
  if (inputs.includes("")) return "the name of a picture is empty";
  const fault = options.self ? selfConflict(options) : modelConflict(options);
  if (fault !== undefined) return fault;
  const { data, blend, stride, range, force } = options;
  if (blend !== undefined && blend !== "auto" && !(blend >= 0 && blend <= 1))
    return `--blend must be auto or from 0 to 1, but it is ${blend}`;
  if (data === undefined) {
    return inputs.length === 0 ? "name the pictures to denoise, or give an IDX file with --data" : undefined;
  }
  if (inputs.length > 0) return "pictures and --data cannot be denoised together";
  if (stride !== undefined || blend !== undefined || range !== undefined || force)
    return "--stride, --blend, --range and --force are for pictures, not for --data";
  return undefined;
}

/** What is wrong with the options of --self; undefined if nothing is. */
function selfConflict(options: DenoiseOptions): string | undefined {
  const { data, model, steps } = options;
  if (model !== undefined) return "--self learns from the pictures alone, so it cannot be given with --model";
  if (data !== undefined) return "--self learns from pictures, so it cannot be given with --data";
  const given = ofModels.find((name) => options[name] !== undefined);
  if (given !== undefined) return `--${given} is for models, so it cannot be given with --self`;
  if (options.blend === "auto")
    return "--blend auto is for models that learned from blind spots, so it cannot be given with --self";
  const { min, max } = selfSteps;
  if (steps === undefined || (steps % min === 0 && steps >= min && steps <= max)) return undefined;
  return `--steps must be a multiple of ${min} from ${min} to ${max}, but it is ${steps}`;
}

/** What is wrong with the options of a model; undefined if nothing is. */
function modelConflict({ model, steps }: DenoiseOptions): string | undefined {
  if (steps !== undefined) return "--steps is for --self, which trains a network";
  if (model !== undefined) return undefined;
  return "name a model with --model, as photo, or learn from the pictures alone with --self";
}

const notes = `
Pictures keep their name, format, alpha, bits (8, 16 or floats), resolution, colour profile and EXIF, and are rotated upright. All
pages of a TIFF file are denoised. A network gets pictures over white and in sRGB. Pictures of a folder keep their sub-folders; hidden
files are ignored, and files of other kinds are counted. Pictures whose results are in --out already are skipped. Files that cannot
be read are reported, the others are denoised, and the exit code is 1.

With --self a small network learns to predict half of a picture's pixels from the other half, and then denoises the picture: see
docs/noisy-alone.md. All pages of a TIFF file share one network. The strength of the noise need not be known, but the noise must be
independent from pixel to pixel.

With --data it writes denoised.idx (bytes, with the dimensions of the input) and denoised.png (the first 100 images, 10 across).

With --shard 2/8 it denoises every eighth picture, starting with the second, in the order of their names in --out; with --data, the
second eighth of the images, into denoised.2-of-8.idx and .png. The contents of a shard do not depend on existing results.

Examples:
  unsnow denoise --model photo photo.jpg --out clean
  unsnow denoise --model runs/patches/model.safetensors photos 'scans/*.tif' --stride 3 --out clean
  unsnow denoise --model runs/first/model.safetensors --data noisy.idx.gz --out clean
  unsnow denoise --model photo photos --out clean --shard 2/8
  unsnow denoise --self stack.tif --out clean`;
