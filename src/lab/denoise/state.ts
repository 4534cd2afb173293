import { computed, signal } from "@preact/signals";
import type { Plane } from "../../data/plane.ts";
import type { FilterName } from "../../filters/filter.ts";
import type { NetworkSpec } from "../../spec/network.ts";
import type { Progress } from "../../training/trainer.ts";
import { startsPretrained } from "../images/state.ts";
import { runImages, runNetwork } from "../run/state.ts";
import type { Pixels } from "../shared/pixels.ts";
import type { PadPoint, PadSize, Stroke } from "./drawing.ts";
import type { DenoisedPicture, ModelSource, ShippedName } from "./protocol.ts";
import type { Zoom } from "./words.ts";

/** The user's picture, decoded. */
export interface TrialPicture {
  readonly name: string;
  readonly pixels: Pixels;
}

/** Which network "Try it" uses: the run's, one that comes with the page, or the user's own. */
export type NetworkChoice = "run" | ShippedName | "file";

/** What the network is tried on. */
export type TrialSubject = "drawing" | "picture";

/** The user's model file, read. */
interface TrialModel {
  readonly source: ModelSource & { readonly kind: "file" };
  readonly network: NetworkSpec;
}

/** Work in progress for "Try it". */
export interface TrialWork {
  readonly kind: "reading" | "denoising";
  /** The file that is read, or the picture's. */
  readonly name: string;
}

/** A picture after the network. */
export interface TrialResult extends DenoisedPicture {
  /** The network's name; undefined if it was the run's. */
  readonly modelName: string | undefined;
}

/** The state of "Try it": which network, and the user's own picture. */
export const trialState = {
  what: signal<TrialSubject>("drawing"),

  /** The network that the user chose; undefined if the run's state decides. */
  chosen: signal<NetworkChoice | undefined>(undefined),

  /** The networks that come with the page and were fetched. */
  shipped: signal<ReadonlyMap<ShippedName, NetworkSpec>>(new Map()),

  picture: signal<TrialPicture | undefined>(undefined),

  /** The factor of the Gaussian noise that is added to the picture first; 0 for none. */
  noise: signal(0),

  /** How many model files were chosen so far. */
  modelFiles: signal(0),

  /** The latest choices: an earlier picture or network is dropped once it is read. */
  latest: { picture: signal<symbol | undefined>(undefined), network: signal<symbol | undefined>(undefined) },

  /** The model file that was read last. */
  model: signal<TrialModel | undefined>(undefined),

  /** The work in progress. */
  work: signal<TrialWork | undefined>(undefined),

  /** How much of the denoising is done: 0 to 1. */
  share: signal(0),

  /** The denoised picture; undefined until there is one. */
  result: signal<TrialResult | undefined>(undefined),

  /** Why something could not be done: one sentence. */
  fault: signal<string | undefined>(undefined),

  zoom: signal<Zoom>("fit"),

  /** Where before ends and after begins: 0 to 100, from the left. */
  split: signal(50),
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
  { value: "photo", title: "Photographs, pretrained" },
  { value: "file", title: "A file…" },
];

const shippedWords: Readonly<Record<ShippedName, string>> = {
  digits: "the network for digits",
  photo: "the network for photographs",
};

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
    source: { kind: "shipped", name: choice },
    name: shippedWords[choice],
    network: trialState.shipped.value.get(choice),
  };
});

/** Stores a network that comes with the page and was loaded. */
export function keepShipped(name: ShippedName, network: NetworkSpec): void {
  trialState.shipped.value = new Map(trialState.shipped.value).set(name, network);
}

/** Ends the state of work in progress, because the Worker was replaced or has failed. */
export function dropTrialWork(): void {
  trialState.work.value = undefined;
}
