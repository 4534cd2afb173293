import type { NetworkSpec } from "../spec/network.ts";
import type { Progress } from "../training/trainer.ts";
import type { Pixels } from "./shared/pixels.ts";
import type { ModelSource } from "./worker/model-source.ts";

/** What the page and the training Worker say to each other about pictures that a network is tried on. */
export interface PictureService {
  /** Decodes a picture file, upright; throws an InputError that names the file when that cannot be done. */
  readPicture(file: File): Promise<Pixels>;
  /** Reads a model, unless it is known; throws an InputError that names its file when it cannot be had or used. */
  readModel(source: ModelSource): Promise<NetworkSpec>;
  /**
   * Denoises a picture while a run trains on, in the place of the one before if that is still under way. Undefined if it was
   * cancelled. Throws an InputError or a GpuError when network or picture are too large for the adapter.
   */
  denoisePicture(request: DenoiseRequest, onShare: ShareListener): Promise<DenoisedPicture | undefined>;
  /** Ends `denoisePicture` within two submits. */
  cancelPicture(): void;
}

export interface DenoiseRequest {
  readonly pixels: Pixels;
  /** The factor of the Gaussian noise that is put on first; 0 for none. */
  readonly noise: number;
  /** The network to denoise with; the run's, as it is now, if left out. */
  readonly model?: ModelSource | undefined;
}

/** Told, some ten times a second at most, which share of the work is done: 0 to 1. */
export type ShareListener = (share: number) => void | Promise<void>;

export interface DenoisedPicture {
  /** What the network got: the picture with its noise. */
  readonly before: Pixels;
  readonly after: Pixels;
  /** From the weights being there to the last row. */
  readonly seconds: number;
  readonly network: NetworkSpec;
  /** Where the run stood; undefined if the network was not the run's. */
  readonly progress: Progress | undefined;
}
