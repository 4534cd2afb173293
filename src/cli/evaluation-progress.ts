import { Presets, SingleBar } from "cli-progress";
import { strengthText } from "./evaluation-results.ts";
import type { EvaluationProgress } from "./evaluation-rows.ts";
import type { Io } from "./io.ts";
import { decibels, duration } from "./text.ts";

/** Shows the progress of an evaluation; `stop` is called once at the end, also after an error. */
export interface EvaluationDisplay extends EvaluationProgress {
  stop(): void;
}

/** The number of progress lines of a long evaluation if stderr is not a terminal. */
const lineCount = 10;

/** A line per tuned filter, then a bar if stderr is a terminal, otherwise ten lines; nothing when quiet. */
export function evaluationDisplay(io: Io, quiet: boolean): EvaluationDisplay {
  if (quiet) return { tuned: () => {}, evaluated: () => {}, stop: () => {} };
  const bar = io.stderr.isTTY ? imageBar(io) : imageLines(io);
  return {
    tuned(filter, { strength, corrected, psnr }) {
      const correction = corrected ? ", corrected for the noise's bias" : "";
      io.console.error(`${filter}: strength ${strengthText(strength)}${correction}, ${decibels(psnr)}`);
    },
    ...bar,
  };
}

type ImageDisplay = Omit<EvaluationDisplay, "tuned">;

function imageBar(io: Io): ImageDisplay {
  let started: { at: number; done: number } | undefined;
  const display = new SingleBar(
    { format: "{value}/{total} images {bar} {left} left", barsize: 20, linewrap: true, stream: io.stderr },
    Presets.shades_classic,
  );
  return {
    evaluated(images, of) {
      if (!started) {
        started = { at: performance.now(), done: images };
        display.start(of, images, { left: "?" });
      }
      display.update(images, { left: timeLeft(started, images, of) });
    },
    stop: () => display.stop(),
  };
}

function imageLines(io: Io): ImageDisplay {
  let started: { at: number; done: number } | undefined;
  let told = 0;
  return {
    evaluated(images, of) {
      started ??= { at: performance.now(), done: images };
      const part = Math.floor((lineCount * images) / of);
      if (part === told) return;
      told = part;
      io.console.error(`${images} of ${of} images, ${timeLeft(started, images, of)} left`);
    },
    stop: () => {},
  };
}

function timeLeft(started: { at: number; done: number }, images: number, of: number): string {
  if (images === of) return duration(0);
  const perImage = (performance.now() - started.at) / (images - started.done);
  return Number.isFinite(perImage) ? duration((perImage * (of - images)) / 1000) : "?";
}
