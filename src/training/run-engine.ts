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
  /** The first step, from 0, in which a number was not finite; undefined where none is known. */
  readonly trouble: number | undefined;
}

/**
 * What computes one run, as a Trainer directs it: DeviceRun and CpuRun. The steps of an epoch are its training steps, then its
 * validation steps. No method is called while another one runs, `prepare` aside.
 */
export interface RunEngine {
  readonly training: SweepExtent;
  readonly validation: SweepExtent;
  /** How products are computed; undefined where no kernels compute. */
  readonly family: Family | undefined;
  readonly profiler: Profiler | undefined;
  /** Whether a step is done in part, so that the run has no state to be read. */
  readonly midStep: boolean;
  /** Makes ready for steps; other methods may be called meanwhile. */
  prepare(): Promise<void>;
  /** Sets both sweeps to the order and the noise of the epoch, and to the step that is next. */
  startEpoch(place: Place): Promise<void>;
  /**
   * Does up to `most` steps from `place` on; gives how many, which may be none where a step is done in parts. They need
   * not be done when it resolves. May throw a DivergenceError.
   */
  advance(place: Place, most: number): Promise<number>;
  /** Waits until all steps are done. */
  settle(): Promise<void>;
  /** The mean loss of a training step of the current epoch, from 0. */
  stepLoss(step: number): Promise<number>;
  /** The metrics of the epoch whose last step is done. */
  metrics(): Promise<EpochMetrics>;
  /**
   * Reads the state at `place`, which all steps before are done for. Throws a DivergenceError for numbers that are not
   * finite.
   */
  readState(place: Pick<RunState, "epoch" | "step" | "seconds">, extent: RunExtent): Promise<RunState>;
  /** Sets the run to a state that checkRunState accepts, all but the sweeps' places, which startEpoch sets. */
  writeState(state: RunState): void;
  /** The weights as they are, of a network whose input is centred if the run's is. */
  weights(): Promise<readonly LayerWeights[]>;
  /**
   * Denoises validation images, by their numbers, with the weights as they are. Throws a RangeError for one that is not
   * there.
   */
  preview(images: readonly number[]): Promise<Preview>;
  destroy(): void;
}
