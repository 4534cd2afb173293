import type { Dispatch } from "../device/device.ts";
import type { StepBuffers } from "./step-buffers.ts";
import type { SweepBuffers } from "./sweep-buffers.ts";

/** A sweep that is about to start: the number of positions, the image at each, and the epoch (from 0). */
export interface Visit {
  readonly count: number;
  readonly imageAt: (position: number) => number;
  readonly epoch: number;
}

/**
 * The source of a sweep's images. They are on the device in one or two sets of buffers (windows), used alternately.
 */
export interface ImageSupply {
  /** The number of images, and of values per image. */
  readonly count: number;
  readonly pixels: number;
  readonly stepsPerWindow: number;
  /** Bytes that the images take on the device. */
  readonly bytes: number;
  /** The first dispatch of a step, for each of the sets: gathers the sweep's next batch and adds noise. */
  gathers(sweep: SweepBuffers, step: StepBuffers): Promise<Dispatch[]>;
  /** Uploads the data that is on the device from the start. */
  upload(): Promise<void>;
  /** Starts a sweep. */
  rewind(visit: Visit): void;
  /** Waits until a window of the sweep is on the device. */
  ready(window: number): Promise<void>;
  /** Starts to fill the window after `window`. The steps of all windows before `window` must have been submitted. */
  prefetch(window: number): void;
}
