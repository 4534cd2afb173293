import { Presets, SingleBar } from "cli-progress";
import type { TrainingSpec } from "../spec/settings.ts";
import type { EpochRecord } from "../training/history.ts";
import type { Progress } from "../training/trainer.ts";
import type { Io } from "./io.ts";
import { decibels, duration } from "./text.ts";

/** Shows the progress of a training. */
export interface ProgressDisplay {
  /** Called after every submit. */
  advance(progress: Progress): void;
  /** Called after every epoch. */
  epochDone(record: EpochRecord): void;
  /** Called once at the end, also after an error. */
  stop(): void;
}

/**
 * A bar if stderr is a terminal, otherwise a line per epoch; nothing if quiet. `images` is the number of training images; `start` is
 * the progress of the run when this process started.
 */
export function progressDisplay(
  io: Io,
  quiet: boolean,
  epochs: number,
  images: number,
  start: Progress,
  { selfSupervised }: Pick<TrainingSpec, "selfSupervised">,
): ProgressDisplay {
  if (quiet) return { advance: () => {}, epochDone: () => {}, stop: () => {} };
  return io.stderr.isTTY
    ? bar(io, epochs, images, shareDone(start))
    : lines(io, epochs, images, selfSupervised);
}

/** The share of a run that is done, 0 to 1. */
function shareDone({ epoch, epochs, step, stepsPerEpoch }: Progress): number {
  return (epoch + step / stepsPerEpoch) / epochs;
}

function bar(io: Io, epochs: number, images: number, before: number): ProgressDisplay {
  const started = performance.now();
  const display = new SingleBar(
    {
      format: "{epoch}/{epochs} {bar} {left} left{results}{rate}",
      barsize: 8,
      // `linewrap: true` truncates long lines at the terminal's edge and does not change the terminal's modes.
      linewrap: true,
      stream: io.stderr,
    },
    Presets.shades_classic,
  );
  const payload = { epoch: 0, epochs, results: "", rate: "", left: "?" };
  display.start(1, 0, payload);
  return {
    advance(progress) {
      const { epoch } = progress;
      const done = shareDone(progress);
      const here = Math.max(0, done - before);
      const seconds = (performance.now() - started) / 1000;
      display.update(done, {
        ...payload,
        epoch: Math.min(epoch + 1, epochs),
        rate: `, ${rate((here * epochs * images) / seconds)}`,
        left: here > 0 ? duration((seconds * (1 - done)) / here) : "?",
      });
    },
    epochDone({ loss, valLoss, valPsnr }) {
      payload.results = `, loss ${loss.toFixed(4)}, val ${valLoss.toFixed(4)}, ${decibels(valPsnr)}`;
    },
    stop: () => display.stop(),
  };
}

function lines(io: Io, epochs: number, images: number, selfSupervised: boolean): ProgressDisplay {
  let seconds = 0;
  let done = 0;
  return {
    advance: () => {},
    epochDone(record) {
      seconds += record.seconds;
      done += 1;
      const left = duration((seconds / done) * (epochs - record.epoch));
      const speed = rate(images / record.seconds);
      const losses = `loss ${record.loss.toFixed(5)}, val loss ${record.valLoss.toFixed(5)}`;
      // Without clean images, the output is compared with noisy ones.
      const results = `${losses}, PSNR ${selfSupervised ? "to noisy pixels " : ""}${decibels(record.valPsnr)}, ${speed}`;
      io.console.error(`epoch ${record.epoch}/${epochs}: ${results}, ${left} left`);
    },
    stop: () => {},
  };
}

function rate(imagesPerSecond: number): string {
  return `${Math.round(imagesPerSecond)} images/s`;
}
