import type { Dispatch } from "../device/device.ts";
import type { StepBuffers } from "./step-buffers.ts";
import type { SweepBuffers } from "./sweep-buffers.ts";

/** A sweep that is about to start: how many positions it visits, which image at each, and in which epoch (from 0). */
export interface Visit {
  readonly count: number;
  readonly imageAt: (position: number) => number;
  readonly epoch: number;
}

/** Where a sweep's images come from. They are on the device in one or two sets of buffers, its windows, in turn. */
export interface ImageSupply {
  /** Images that there are, and values of one. */
  readonly count: number;
  readonly pixels: number;
  readonly stepsPerWindow: number;
  /** Bytes that the images take on the device. */
  readonly bytes: number;
  /** The first dispatch of a step, for each of the sets: gathers the sweep's next batch, with its noise. */
  gathers(sweep: SweepBuffers, step: StepBuffers): Promise<Dispatch[]>;
  /** Uploads what is to be there from the beginning. */
  upload(): Promise<void>;
  /** Starts a sweep. */
  rewind(visit: Visit): void;
  /** Waits until a window of the sweep is on the device. */
  ready(window: number): Promise<void>;
  /** Starts to fill the window after `window`, all of whose predecessors' steps must have been submitted. */
  prefetch(window: number): void;
}
