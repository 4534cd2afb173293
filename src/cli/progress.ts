import { Presets, SingleBar } from "cli-progress";
import type { EpochRecord } from "../training/history.ts";
import type { Progress } from "../training/trainer.ts";
import { decibels, duration } from "./text.ts";

/** Shows how a training goes while it runs. */
export interface ProgressDisplay {
  /** Told of every submit. */
  advance(progress: Progress): void;
  /** Told of every epoch done. */
  epochDone(record: EpochRecord): void;
  /** Called once at the end, also after an error. */
  stop(): void;
}

/** A bar where stderr is a terminal, else a line an epoch; nothing when quiet. `images` are those of the training set. */
export function progressDisplay(quiet: boolean, epochs: number, images: number): ProgressDisplay {
  if (quiet) return { advance: () => {}, epochDone: () => {}, stop: () => {} };
  return process.stderr.isTTY ? bar(epochs, images) : lines(epochs, images);
}

function bar(epochs: number, images: number): ProgressDisplay {
  const started = performance.now();
  const display = new SingleBar(
    {
      format: "{epoch}/{epochs} {bar} {left} left{results}{rate}",
      barsize: 8,
      // Cuts long lines at the terminal's edge, and leaves the terminal's modes alone.
      linewrap: true,
    },
    Presets.shades_classic,
  );
  const payload = { epoch: 0, epochs, results: "", rate: "", left: "?" };
  display.start(1, 0, payload);
  return {
    advance({ epoch, step, stepsPerEpoch }) {
      const done = (epoch + step / stepsPerEpoch) / epochs;
      const seconds = (performance.now() - started) / 1000;
      display.update(done, {
        ...payload,
        epoch: Math.min(epoch + 1, epochs),
        rate: `, ${rate((done * epochs * images) / seconds)}`,
        left: duration((seconds * (1 - done)) / done),
      });
    },
    epochDone({ loss, valLoss, valPsnr }) {
      payload.results = `, loss ${loss.toFixed(4)}, val ${valLoss.toFixed(4)}, ${decibels(valPsnr)}`;
    },
    stop: () => display.stop(),
  };
}

function lines(epochs: number, images: number): ProgressDisplay {
  let seconds = 0;
  return {
    advance: () => {},
    epochDone(record) {
      seconds += record.seconds;
      const left = duration((seconds / record.epoch) * (epochs - record.epoch));
      const speed = rate(images / record.seconds);
      const losses = `loss ${record.loss.toFixed(5)}, val loss ${record.valLoss.toFixed(5)}`;
      const results = `${losses}, PSNR ${decibels(record.valPsnr)}, ${speed}`;
      console.error(`epoch ${record.epoch}/${epochs}: ${results}, ${left} left`);
    },
    stop: () => {},
  };
}

function rate(imagesPerSecond: number): string {
  return `${Math.round(imagesPerSecond)} images/s`;
}
