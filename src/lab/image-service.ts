import type { NetworkSpec } from "../spec/network.ts";
import type { Progress } from "../training/trainer.ts";
import type { ModelSource } from "./worker/model-source.ts";

/** What the page and the training Worker say to each other about small images that a network is tried on. */
export interface ImageService {
  /**
   * Denoises small grey images while a run trains on. Throws an InputError or a GpuError when the network cannot be had, or is
   * too large for the adapter.
   */
  denoiseImages(request: ImageRequest): Promise<DenoisedImages>;
}

export interface ImageRequest {
  readonly rows: number;
  readonly columns: number;
  /** [count, rows, columns], black at 0 and white at 1 */
  readonly images: Float32Array<ArrayBuffer>;
  /** The network to denoise with; the run's, as it is now, if left out. */
  readonly model?: ModelSource | undefined;
}

export interface DenoisedImages {
  /** [count, rows, columns] in [0, 1] */
  readonly images: Float32Array<ArrayBuffer>;
  readonly network: NetworkSpec;
  /** Where the run stood; undefined if the network was not the run's. */
  readonly progress: Progress | undefined;
}
