import type { Shape } from "./shapes.ts";
import type { Counts } from "./webgpu-counts.ts";

/** Steps done, and what they came to. */
export interface Block {
  /** From the first command to the moment when the result of the last step is there. */
  readonly milliseconds: number;
  /** Loss of the last step, before its update. */
  readonly loss: number;
}

/** Something that trains. */
export interface System {
  readonly name: string;
  /** Loads the library afresh and puts the problem before it. */
  open(shape: Shape): Promise<Session>;
}

/** A system with a problem before it; its steps go on from one call to the next. */
export interface Session {
  /** What computes, in the system's own words. */
  readonly device: string;
  /** The most steps that `run` takes at once. */
  readonly maxSteps: number;
  run(steps: number): Promise<Block>;
  /** What `steps` steps ask of WebGPU; nothing for a system that does not use it. */
  count(steps: number): Promise<Counts | undefined>;
  close(): Promise<void>;
}
