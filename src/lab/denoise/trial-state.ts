import { signal } from "@preact/signals";
import type { NetworkSpec } from "../../spec/network.ts";
import type { DenoisedPicture, ModelSource, ShippedName } from "../protocol.ts";
import type { Pixels } from "../shared/pixels.ts";
import type { Zoom } from "./words.ts";

/** A person's picture, decoded. */
export interface TrialPicture {
  readonly name: string;
  readonly pixels: Pixels;
}

/** Which network "Try it" uses: the run's, one that comes with the page, or a person's own. */
export type NetworkChoice = "run" | ShippedName | "file";

/** A person's model file, read. */
interface TrialModel {
  readonly source: ModelSource & { readonly kind: "file" };
  readonly network: NetworkSpec;
}

/** What is being done for "Try it". */
export interface TrialWork {
  readonly kind: "reading" | "denoising";
  /** The file that is read, or the picture's. */
  readonly name: string;
}

/** A picture after the network. */
export interface TrialResult extends DenoisedPicture {
  /** What to call the network; undefined if it was the run's. */
  readonly modelName: string | undefined;
}

/** The state of "Try it", a part of the page's store: whose network, and a picture of the person's own through it. */
export const trialState = {
  what: signal<"drawing" | "picture">("drawing"),

  /** The network that the person chose; undefined for whichever the run's state suggests. */
  chosen: signal<NetworkChoice | undefined>(undefined),

  /** The networks that come with the page, as far as they were fetched. */
  shipped: signal<ReadonlyMap<ShippedName, NetworkSpec>>(new Map()),

  picture: signal<TrialPicture | undefined>(undefined),

  /** The factor of the Gaussian noise that is put on the picture first; 0 for none. */
  noise: signal(0),

  /** The model file that was read last. */
  model: signal<TrialModel | undefined>(undefined),

  /** What is under way. */
  work: signal<TrialWork | undefined>(undefined),

  /** How much of the denoising is done: 0 to 1. */
  share: signal(0),

  /** The picture, denoised; undefined until it was. */
  result: signal<TrialResult | undefined>(undefined),

  /** Why something could not be done: one sentence. */
  fault: signal<string | undefined>(undefined),

  zoom: signal<Zoom>("fit"),

  /** Where before ends and after begins: 0 to 100, from the left. */
  split: signal(50),
};
