import { computed, signal } from "@preact/signals";
import type { Plane } from "../../data/plane.ts";
import type { FilterName } from "../../filters/filter.ts";
import type { NetworkSpec } from "../../spec/network.ts";
import type { Progress } from "../../training/trainer.ts";
import type { ModelSource } from "../denoise/protocol.ts";
import { startsPretrained } from "../images/state.ts";
import { runImages, runNetwork } from "../run/state.ts";
import type { PadPoint, PadSize, Stroke } from "./drawing.ts";

/** Which network "Try it" uses: the run's, the one for digits that comes with the page, or the user's own. */
export type NetworkChoice = "run" | "digits" | "file";

/** The user's model file, read. */
interface TrialModel {
  readonly source: ModelSource & { readonly kind: "file" };
  readonly network: NetworkSpec;
}

/** The state of the network of "Try it". */
export const trialState = {
  /** The network that the user chose; undefined if the run's state decides. */
  chosen: signal<NetworkChoice | undefined>(undefined),

  /** The network for digits; undefined until it was fetched. */
  digits: signal<NetworkSpec | undefined>(undefined),

  /** The latest choice: an earlier network is dropped once it is read. */
  latest: signal<symbol | undefined>(undefined),

  /** The model file that was read last. */
  model: signal<TrialModel | undefined>(undefined),

  /** The file that is being read. */
  reading: signal<string | undefined>(undefined),

  /** Why something could not be done: one sentence. */
  fault: signal<string | undefined>(undefined),
};

/** A denoised drawing, and the drawing without noise. */
export interface Outcome {
  readonly clean: Plane;
  readonly plane: Plane;
}

/** A network's result for the drawing. */
interface NetworkOutcome extends Outcome {
  readonly network: NetworkSpec;
  /** The run's progress at that time; undefined if the network was not the run's. */
  readonly progress: Progress | undefined;
  /** The network's name if it was not the run's. */
  readonly modelName: string | undefined;
}

/** The state of the drawing in "Try it". */
export const drawState = {
  /** What was drawn, the oldest first. */
  strokes: signal<readonly Stroke[]>([]),

  /** The strokes before each change, for undo. */
  past: signal<readonly (readonly Stroke[])[]>([]),

  /** The size of the pad that they were drawn on. */
  pad: signal<PadSize | undefined>(undefined),

  tool: signal<Stroke["tool"]>("pen"),

  /** The position of the keyboard's pen; undefined until it was moved. */
  cursor: signal<PadPoint | undefined>(undefined),

  /** Whether the keyboard's pen is down. */
  penDown: signal(false),

  /** Whether the drawing is centred as digits are in the images that networks were trained on. */
  centre: signal(true),

  /** The factor of the Gaussian noise on the drawing. */
  factor: signal(0.5),

  /** The number of the noise: another number gives other noise. */
  field: signal(0),

  /** The network's latest result; undefined until something was drawn. */
  denoised: signal<NetworkOutcome | undefined>(undefined),

  /** The results of the filters that are tuned. */
  filtered: signal<ReadonlyMap<FilterName, Outcome>>(new Map()),

  /** Why the drawing could not be denoised: one sentence. */
  fault: signal<string | undefined>(undefined),
};

/** The network that "Try it" uses. */
export const trialNetwork = computed<NetworkChoice>(
  () => trialState.chosen.value ?? (startsPretrained.value ? "digits" : "run"),
);

/** The largest side of an image whose size the pad takes; for larger ones the pad has the size of MNIST's digits. */
const largestSide = 64;

/** The pad's size for a run's images, if there are any. */
export function padSizeFor(images: PadSize | undefined): PadSize {
  const fits = images && Math.max(images.rows, images.columns) <= largestSide;
  return fits ? { rows: images.rows, columns: images.columns } : { rows: 28, columns: 28 };
}

/** The size of the drawing. */
export const padSize = computed(() => padSizeFor(runImages.value));

/** A network that can be tried. */
interface NetworkInUse {
  /** Undefined for the run's network, in its state at that time. */
  readonly source: ModelSource | undefined;
  /** Its name; undefined for the run's. */
  readonly name: string | undefined;
  /** Undefined until it is known. */
  readonly network: NetworkSpec | undefined;
}

export const networkTitles: readonly { readonly value: NetworkChoice; readonly title: string }[] = [
  { value: "run", title: "The run's" },
  { value: "digits", title: "Digits, pretrained" },
  { value: "file", title: "A file…" },
];

/** The network that "Try it" uses; undefined while there is no run, or while a file is to be used and there is none. */
export const networkInUse = computed<NetworkInUse | undefined>(() => {
  const { value: choice } = trialNetwork;
  const { value: model } = trialState.model;
  if (choice === "run") {
    return runNetwork.value && { source: undefined, name: undefined, network: runNetwork.value };
  }
  if (choice === "file") {
    return model && { source: model.source, name: model.source.file.name, network: model.network };
  }
  return {
    source: { kind: "shipped", name: "digits" },
    name: "the network for digits",
    network: trialState.digits.value,
  };
});

/** Stores the network for digits, which was loaded. */
export function keepDigits(network: NetworkSpec): void {
  trialState.digits.value = network;
}

/** Ends the state of work in progress, because the Worker was replaced or has failed. */
export function dropTrialWork(): void {
  trialState.reading.value = undefined;
}
