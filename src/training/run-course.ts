import type { EpochReport } from "./history.ts";
import type { ImageMetrics } from "./image-metrics.ts";
import type { RunState } from "./run-state.ts";

/** The progress of a run through its epochs, on any engine. */
export class RunCourse {
  /** Epochs done. */
  epoch = 0;
  /** Steps done of the current epoch: training steps, then validation steps. */
  step = 0;
  /** Time spent on the current epoch. */
  seconds = 0;

  /** The position in the run, as in a state. */
  get place(): Pick<RunState, "epoch" | "step" | "seconds"> {
    return { epoch: this.epoch, step: this.step, seconds: this.seconds };
  }

  /** Continues from the position of another run. */
  resume({ epoch, step, seconds }: RunState): void {
    this.epoch = epoch;
    this.step = step;
    this.seconds = seconds;
  }

  /** Finishes epochs one by one and yields their reports, until `epochs` are done or one was not finished. */
  async *finishEpochs(
    epochs: number,
    finishEpoch: () => Promise<EpochReport | undefined>,
  ): AsyncGenerator<EpochReport> {
    while (this.epoch < epochs) {
      const report = await finishEpoch();
      if (!report) return;
      yield report;
    }
  }

  /** Adds the duration of `work` to the epoch's time. */
  async timed<T>(work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.seconds += (performance.now() - started) / 1000;
    }
  }

  /** The report of the current epoch, from the metrics of all its images; a step has `batch` images. */
  report(trained: ImageMetrics, validated: ImageMetrics, batch: number): EpochReport {
    const record = {
      epoch: this.epoch + 1,
      loss: trained.loss(),
      valLoss: validated.loss(),
      valPsnr: validated.psnr(),
      seconds: this.seconds,
    };
    return { record, stepLosses: trained.stepLosses(batch) };
  }

  /** Moves to the start of the next epoch. */
  startNextEpoch(): void {
    this.epoch += 1;
    this.step = 0;
    this.seconds = 0;
  }
}
