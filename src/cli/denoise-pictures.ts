import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { RangeChoice } from "../data/sample-range.ts";
import { DeviceError } from "../device/device-error.ts";
import type { Engine } from "../engine/engine.ts";
import type { Blend, PictureTask } from "../network/picture-denoiser.ts";
import { InputError } from "../spec/input-error.ts";
import { type ComputeOptions, openComputer } from "./compute.ts";
import { denoiseRanges } from "./denoise-ranges.ts";
import {
  type FileDenoisers,
  learnedBlind,
  loadPictureModels,
  modelDenoisers,
  selfDenoisers,
} from "./file-denoisers.ts";
import { findPictures, type PictureInput } from "./find-pictures.ts";
import { onInterrupt } from "./interruption.ts";
import type { Io, StartFolder } from "./io.ts";
import type { ModelOptions } from "./model-options.ts";
import { prepareFolder, writeFiles } from "./output-files.ts";
import { realPath } from "./paths.ts";
import { PictureFile, type PicturePage, type RangeOfPage } from "./picture-file.ts";
import { pictureProgress } from "./picture-progress.ts";
import { outsideText } from "./sampled-sets.ts";
import { type Shard, shardItems, shardText } from "./shard.ts";

/** The options of `unsnow denoise` for picture files. */
export interface DenoisePicturesOptions extends Partial<ModelOptions>, ComputeOptions {
  readonly out: string;
  /** Learn from each file itself instead of using a model. */
  readonly self?: boolean | undefined;
  /** Training steps with `self`. */
  readonly steps?: number | undefined;
  readonly shard?: Shard | undefined;
  readonly stride?: number | undefined;
  /** Undefined: estimated from each picture. */
  readonly strength?: number | undefined;
  /** Undefined: "auto" for a model that learned from blind spots, 1 for others. */
  readonly blend?: Blend | undefined;
  /** The sample values of black and white; undefined for those that the model was trained on, or the full range of the bits. */
  readonly range?: RangeChoice | undefined;
  readonly force?: boolean | undefined;
}

/** The outcome. */
export interface DenoisedPictures {
  /** Whether any requested picture could not be denoised. */
  readonly failed: boolean;
  /** Whether Ctrl-C stopped it. */
  readonly interrupted: boolean;
}

/**
 * `unsnow denoise` of picture files: each is written completely or not at all. A file that cannot be read or written is
 * reported and does not stop the others. Throws an InputError or a DeviceError if nothing can be denoised.
 */
export async function denoisePictures(
  io: Io,
  inputs: readonly string[],
  options: DenoisePicturesOptions,
): Promise<DenoisedPictures> {
  const { out, shard, stride, strength, range, force = false, model, steps } = options;
  const models =
    model === undefined ? undefined : await loadPictureModels(io, { ...options, model }, strength);
  const blend = options.blend ?? models?.blend;
  const found = await findPictures(io, inputs, out);
  if (found.remark !== undefined) io.console.error(found.remark);
  const faults = [...found.faults];
  const chosen: PictureInput[] = [];
  const counts = { done: 0, failed: 0, skipped: 0 };
  const sources = new Map<string | undefined, string>();
  for (const { name } of found.pictures) sources.set(await realPath(io, name), name);
  const pictures = shardItems(found.pictures, shard);
  if (shard && pictures.length === 0) io.console.log(`There is no picture in shard ${shardText(shard)}.`);
  for (const picture of pictures) {
    const { place, overwritten } = await placeOf(io, picture, out, sources);
    if (overwritten !== undefined) {
      const whose = overwritten === picture.name ? "its own result" : `the result of ${picture.name}`;
      faults.push(`${overwritten} would be overwritten by ${whose}: choose another folder for --out.`);
    } else if (place === "folder") {
      faults.push(`${join(out, picture.target)} cannot be written: it is a folder.`);
    } else if (place === "taken" && !force) counts.skipped += 1;
    else chosen.push(picture);
  }
  counts.failed = faults.length;
  for (const fault of faults) io.console.error(`unsnow: ${fault}`);
  if (chosen.length === 0) {
    if (counts.skipped > 0) io.console.log(summary(counts, out));
    return { failed: counts.failed > 0, interrupted: false };
  }
  const tell = (line: string) => io.console.error(line);
  if (blend === "auto" && options.blend === undefined) {
    tell(`${learnedBlind}; --blend 1 gives the results alone.`);
  }
  const rangeOf = await denoiseRanges(io, found.pictures, { range, trained: models?.trained, tell });
  const engine = await openComputer(io, options, tell);
  const interruption = onInterrupt(io, () => {});
  let denoisers: FileDenoisers | undefined;
  try {
    denoisers = models ? await modelDenoisers(engine, models, stride) : selfDenoisers(engine, steps);
    await prepareFolder(io, out, []);
    const { done, failed } = await denoiseEach(io, engine, denoisers, chosen, {
      ...{ out, rangeOf, strength, blend, signal: interruption.signal },
    });
    counts.done = done;
    counts.failed += failed;
    const interrupted = done + failed < chosen.length;
    if (interrupted) io.console.log(`Stopped after ${done + failed} of ${chosen.length} pictures.`);
    io.console.log(summary(counts, out, engine.adapter.name));
    return { failed: counts.failed > 0, interrupted };
  } finally {
    interruption.dispose();
    denoisers?.destroy();
    engine.close();
  }
}

/** How the pictures are denoised, and the output folder. */
type PicturesTask = PictureTask & {
  readonly out: string;
  readonly rangeOf: RangeOfPage;
  readonly signal: AbortSignal;
};

/** The approximate share of a file's work that is learning from it. */
const shareOfLearning = 0.9;

/** Denoises one file after the other until the signal is aborted; counts those that are done and those that failed. */
async function denoiseEach(
  io: Io,
  engine: Engine,
  denoisers: FileDenoisers,
  pictures: readonly PictureInput[],
  { out, rangeOf, ...task }: PicturesTask,
): Promise<{ readonly done: number; readonly failed: number }> {
  const progress = pictureProgress(io, pictures.length);
  let failed = 0;
  try {
    for (const [index, picture] of pictures.entries()) {
      if (task.signal.aborted) return { done: index - failed, failed };
      const started = performance.now();
      progress.advance(index, picture.name, 0);
      try {
        const file = await PictureFile.open(io, picture.name);
        /** The share of the file's work that is learning; 0 without it. */
        let learning = 0;
        const denoiser = await denoisers.forFile(file, rangeOf, {
          signal: task.signal,
          onProgress(share) {
            learning = shareOfLearning;
            progress.advance(index, picture.name, learning * share);
          },
        });
        let pixels = 0;
        let strength: number | undefined;
        for (let number = 0; number < file.pages; number++) {
          const onProgress = (done: number, total: number) =>
            progress.advance(
              index,
              picture.name,
              learning + ((1 - learning) * (number + done / total)) / file.pages,
            );
          const done = await denoiser.denoiseInPlace(() => file.page(number, rangeOf), {
            ...task,
            onProgress,
          });
          for (const line of remarksOn(done.picture)) progress.tell(line);
          pixels += done.picture.rows * done.picture.columns;
          strength = file.pages === 1 ? done.strength : undefined;
        }
        const content = () => file.encode();
        await writeFiles(
          io,
          join(out, dirname(picture.target)),
          new Map([[basename(picture.target), content]]),
        );
        const seconds = (performance.now() - started) / 1000;
        progress.done(picture.name, pixels, seconds, strength);
      } catch (error) {
        if (task.signal.aborted && error === task.signal.reason) return { done: index - failed, failed };
        if (!(error instanceof InputError || error instanceof DeviceError)) throw error;
        // One picture can be too large for the device, so the next ones are tried; a device that stays lost ends the command.
        if (error instanceof DeviceError && (error.kind === "lost" || error.kind === "unavailable"))
          throw error;
        engine.device.assertAlive();
        failed += 1;
        progress.tell(`unsnow: ${error.message}`);
      }
    }
    return { done: pictures.length - failed, failed };
  } finally {
    progress.stop();
  }
}

/** The remarks on a page whose samples were clipped for the network. */
function remarksOn({ name, range, outside, outsideSrgb }: PicturePage): string[] {
  const pixels = outsideSrgb === 1 ? "1 pixel lies" : `${outsideSrgb} pixels lie`;
  return [
    ...(outside > 0 ? [outsideText(name, outside, range)] : []),
    ...(outsideSrgb > 0 ? [`${name}: ${pixels} outside sRGB, so the network gets them clipped`] : []),
  ];
}

/** What exists at the path of a picture's result, and which of the pictures, by real path, it would overwrite. */
async function placeOf(
  start: StartFolder,
  { target }: PictureInput,
  out: string,
  sources: ReadonlyMap<string | undefined, string>,
): Promise<{ readonly place: "free" | "taken" | "folder"; readonly overwritten?: string | undefined }> {
  const result = await realPath(start, join(out, target));
  if (result === undefined) return { place: "free" };
  const place = (await stat(result)).isDirectory() ? "folder" : "taken";
  return { place, overwritten: sources.get(result) };
}

/** "Denoised 3 pictures into clean on SwiftShader; 2 were there already (--force denoises them again)." */
function summary(
  { done, failed, skipped }: { done: number; failed: number; skipped: number },
  out: string,
  adapter?: string,
): string {
  const where = adapter === undefined ? "" : ` on ${adapter}`;
  return [
    `Denoised ${count(done)} into ${out}${where}`,
    ...(skipped > 0 ? [`${count(skipped)} there already (--force denoises them again)`] : []),
    ...(failed > 0 ? [`${count(failed)} could not be denoised`] : []),
  ]
    .join("; ")
    .concat(".");
}

function count(pictures: number): string {
  return pictures === 1 ? "1 picture" : `${pictures} pictures`;
}
