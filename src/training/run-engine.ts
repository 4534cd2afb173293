import type { Profiler } from "../device/device.ts";
import type { Family } from "../kernels/family.ts";
import type { LayerWeights } from "../spec/network.ts";
import type { ImageMetrics } from "./image-metrics.ts";
import type { Preview } from "./preview.ts";
import type { Place, RunExtent, RunState } from "./run-state.ts";

/** The extent of a sweep: its images, and the steps that visit them. */
export interface SweepExtent {
  readonly count: number;
  /** The last step may have fewer images than the others. */
  readonly steps: number;
}

/** The metrics of an epoch. */
export interface EpochMetrics {
  readonly training: ImageMetrics;
  readonly validation: ImageMetrics;
  /** The first step, from 0, in which a number was not finite; undefined if none is known. */
  readonly trouble: number | undefined;
}

/**
 * Computes one run for a Trainer. The steps of an epoch are its training steps, then its validation steps. No method
 * is called while another one runs, except `prepare`.
 */
export interface RunEngine {
  readonly training: SweepExtent;
  readonly validation: SweepExtent;
  /** The implementation of products; undefined on the CPU, which has only one. */
  readonly family: Family | undefined;
  readonly profiler: Profiler | undefined;
  /** Prepares for steps; other methods may be called meanwhile. */
  prepare(): Promise<void>;
  /** Sets both sweeps to the order and the noise of the epoch, and to the next step. */
  startEpoch(place: Place): Promise<void>;
  /**
   * Submits up to `most` steps from the epoch's step `step` on, at least one, and returns their number. They may still
   * be running when it resolves.
   */
  advance(step: number, most: number): Promise<number>;
  /** Waits until all steps are done. */
  settle(): Promise<void>;
  /** The mean loss of a training step of the current epoch, from 0. */
  stepLoss(step: number): Promise<number>;
  /** The metrics of the epoch, after its last step. */
  metrics(): Promise<EpochMetrics>;
  /**
   * Reads the state at `place`; all steps before it must be done. Throws a DivergenceError for numbers that are not
   * finite.
   */
  readState(place: Pick<RunState, "epoch" | "step" | "seconds">, extent: RunExtent): Promise<RunState>;
  /** Sets the run to a state that checkRunState accepts, except for the sweeps' positions, which startEpoch sets. */
  writeState(state: RunState): void;
  /** The current weights. They belong to a centred input if the run is centred. */
  weights(): Promise<readonly LayerWeights[]>;
  /** Denoises validation images, by number, with the current weights. Throws a RangeError for an invalid number. */
  preview(images: readonly number[]): Promise<Preview>;
  destroy(): void;
}
