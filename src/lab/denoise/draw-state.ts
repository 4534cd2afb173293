import { signal } from "@preact/signals";
import type { Plane } from "../../data/plane.ts";
import type { FilterName } from "../../filters/filter.ts";
import type { NetworkSpec } from "../../spec/network.ts";
import type { Progress } from "../../training/trainer.ts";
import type { PadPoint, Stroke } from "./drawing.ts";

/** What became of the drawing, and the drawing that it should have become. */
export interface Outcome {
  readonly clean: Plane;
  readonly plane: Plane;
}

/** What a network made of the drawing. */
interface NetworkOutcome extends Outcome {
  readonly network: NetworkSpec;
  /** Where the run stood; undefined if the network was not the run's. */
  readonly progress: Progress | undefined;
  /** The network's name if it was not the run's. */
  readonly modelName: string | undefined;
}

/** The state of the drawing in "Try it", a part of the page's store. */
export const drawState = {
  /** What was drawn, the oldest first. */
  strokes: signal<readonly Stroke[]>([]),

  /** The strokes before each change of them, to go back to. */
  past: signal<readonly (readonly Stroke[])[]>([]),

  tool: signal<Stroke["tool"]>("pen"),

  /** Where the keyboard's pen stands, once it was moved. */
  cursor: signal<PadPoint | undefined>(undefined),

  /** Whether the keyboard's pen is down. */
  penDown: signal(false),

  /** Whether the drawing is moved to where digits lie in the images that networks were trained on. */
  centre: signal(true),

  /** The factor of the Gaussian noise on the drawing. */
  factor: signal(0.5),

  /** The number of the noise: another one is other noise. */
  field: signal(0),

  /** Undefined until something was drawn. */
  denoised: signal<NetworkOutcome | undefined>(undefined),

  /** By the filters that are tuned. */
  filtered: signal<ReadonlyMap<FilterName, Outcome>>(new Map()),

  /** Why the drawing could not be denoised: one sentence. */
  fault: signal<string | undefined>(undefined),
};
