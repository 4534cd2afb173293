import type { Shape } from "./shapes.ts";
import type { Counts } from "./webgpu-counts.ts";

/** A number of steps, and their result. */
export interface Block {
  /** From the first command until the result of the last step is available. */
  readonly milliseconds: number;
  /** Loss of the last step, before its update. */
  readonly loss: number;
}

/** A system to measure. */
export interface System {
  readonly name: string;
  /** Loads a new instance of the library and sets up the problem. */
  open(shape: Shape): Promise<Session>;
}

/** A system with a problem; its steps continue from one call to the next. */
export interface Session {
  /** The compute device, as named by the system. */
  readonly device: string;
  /** The maximum number of steps per call of `run`. */
  readonly maxSteps: number;
  run(steps: number): Promise<Block>;
  /** The WebGPU calls of `steps` steps; undefined for a system that does not use WebGPU. */
  count(steps: number): Promise<Counts | undefined>;
  close(): Promise<void>;
}
