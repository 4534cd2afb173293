import { eightfold } from "../../alone/eightfold.ts";
import { learnedRegions } from "../../alone/halves.ts";
import { checkLargeEnough, learnFromPictures } from "../../alone/one-picture.ts";
import type { Engine } from "../../engine/engine.ts";
import { denoiseFromCentre, type Region, type RegionPicture } from "../../network/centre-out.ts";
import type { Model, NetworkSpec } from "../../spec/network.ts";
import { RunTurn, type WithRun } from "../../training/turns.ts";
import type { PictureStage } from "../denoise/protocol.ts";
import type { RgbaPicture } from "./rgba-picture.ts";

/** Of a picture with more pixels than this, only the middle is shown while a network learns from it; its side is in pixels. */
const [manyPixels, middleSide] = [2 ** 20, 512] as const;

/** The most of the learning's time that intermediate results may take. */
const mostForShowing = 0.2;

/** How a network learns from a picture. */
export interface LearningTask {
  /** Aborting it cancels the picture, and the reason is thrown. */
  readonly signal: AbortSignal;
  /** Aborting it ends the learning; the picture is denoised by the network so far. It is aborted with `signal`, too. */
  readonly learning: AbortSignal;
  /** Called with the share of a stage that is done, 0 to 1. */
  readonly onShare: (stage: PictureStage, share: number) => void;
  /** Called when pixels of the picture were written. */
  readonly onRegion: (region: Region, rgba: Uint8ClampedArray<ArrayBuffer>) => void;
  readonly withRun: WithRun;
}

/**
 * Trains a network on a picture alone and denoises the picture with it, eight times turned and flipped. About twenty times during the
 * training the network so far writes an intermediate result. Throws an InputError if the picture is too small.
 */
export async function learnFromPicture(
  engine: Engine,
  picture: RgbaPicture,
  name: string,
  task: LearningTask,
): Promise<{ readonly network: NetworkSpec; readonly steps: number }> {
  checkLargeEnough(picture, name);
  const { signal, learning, onShare } = task;
  const turn = new RunTurn(task.withRun);
  const showing = new Showing(engine, picture, task);
  let steps = 0;
  await turn.take();
  let model: Model;
  try {
    model = await learnFromPictures(engine, learnedParts(picture), {
      signal: learning,
      onProgress(share, done) {
        steps = done;
        onShare("learning", share);
      },
      async onModel(soFar) {
        if (learning.aborted) return;
        await showing.show(soFar);
        turn.release();
        await turn.take();
      },
    });
  } finally {
    turn.release();
  }
  signal.throwIfAborted();
  onShare("denoising", 0);
  await denoise(engine, picture, model, task);
  return { network: model.network, steps };
}

/** The intermediate results. */
class Showing {
  readonly #engine: Engine;
  readonly #picture: RgbaPicture;
  readonly #task: LearningTask;
  readonly #started = performance.now();
  #spent = 0;

  constructor(engine: Engine, picture: RgbaPicture, task: LearningTask) {
    this.#engine = engine;
    this.#picture = picture;
    this.#task = task;
  }

  /** Writes what a network makes of the picture, or of its middle; nothing if this took too much of the time so far. */
  async show(model: Model): Promise<void> {
    const before = performance.now();
    if (this.#spent > mostForShowing * (before - this.#started)) return;
    const denoiser = await this.#engine.createPictureDenoiser(model);
    try {
      const middle = middleOf(this.#picture);
      const part = partOf(this.#picture, middle);
      const { signal, onRegion } = this.#task;
      const write = (region: Region, values: Float32Array) => {
        const place = moved(region, middle);
        onRegion(place, this.#picture.write(place, values));
      };
      await denoiseFromCentre(denoiser, model.network, part, write, { signal });
    } finally {
      denoiser.destroy();
    }
    this.#spent += performance.now() - before;
  }
}

/** Denoises the picture as the mean over its turns and flips. */
async function denoise(
  engine: Engine,
  picture: RgbaPicture,
  model: Model,
  { signal, onShare, onRegion }: LearningTask,
): Promise<void> {
  const denoiser = eightfold(await engine.createPictureDenoiser(model));
  const write = (region: Region, values: Float32Array) => onRegion(region, picture.write(region, values));
  try {
    await denoiseFromCentre(denoiser, model.network, picture, write, {
      signal,
      onShare: (share) => onShare("denoising", share),
    });
  } finally {
    denoiser.destroy();
  }
}

/** What is learned from: of a large picture, only the excerpts are converted to numbers. */
function learnedParts(picture: RgbaPicture) {
  return learnedRegions(picture).map((region) => {
    const { rows, columns, channels } = partOf(picture, region);
    return { rows, columns, channels, values: picture.read(region) };
  });
}

function middleOf({ rows, columns }: RgbaPicture): Region {
  if (rows * columns <= manyPixels) return { top: 0, bottom: rows, left: 0, right: columns };
  const [height, width] = [Math.min(rows, middleSide), Math.min(columns, middleSide)];
  const [top, left] = [(rows - height) >> 1, (columns - width) >> 1];
  return { top, bottom: top + height, left, right: left + width };
}

/** A region of a picture as a picture. */
function partOf(picture: RgbaPicture, part: Region): RegionPicture {
  return {
    rows: part.bottom - part.top,
    columns: part.right - part.left,
    channels: picture.channels,
    read: (region) => picture.read(moved(region, part)),
  };
}

/** A region of a part of a picture as a region of the picture. */
function moved({ top, bottom, left, right }: Region, part: Region): Region {
  return { top: part.top + top, bottom: part.top + bottom, left: part.left + left, right: part.left + right };
}
