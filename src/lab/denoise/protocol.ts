import type { NetworkSpec } from "../../spec/network.ts";
import type { Progress } from "../../training/trainer.ts";
import type { Pixels } from "../shared/pixels.ts";

/** The messages between the page and the training Worker about pictures that a network is tried on. */
export interface PictureService {
  /** Decodes a picture file, upright; throws an InputError that names the file if that fails. */
  readPicture(file: File): Promise<Pixels>;
  /** Reads a model unless it is already loaded; throws an InputError that names its file if it cannot be loaded or used. */
  readModel(source: ModelSource): Promise<NetworkSpec>;
  /**
   * Denoises a picture beside the training; an earlier picture that is not finished is cancelled. Undefined if it was
   * cancelled. Throws an InputError or a DeviceError if the network or the picture is too large for the adapter.
   */
  denoisePicture(request: DenoiseRequest, onShare: ShareListener): Promise<DenoisedPicture | undefined>;
  /** Ends `denoisePicture` within two submits. */
  cancelPicture(): void;
}

export interface DenoiseRequest {
  readonly pixels: Pixels;
  /** The factor of the Gaussian noise that is added first; 0 for none. */
  readonly noise: number;
  /** The network to denoise with. Default: the run's, in its current state. */
  readonly model?: ModelSource | undefined;
}

/** Receives the share of the work that is done, 0 to 1, at most about ten times a second. */
export type ShareListener = (share: number) => void | Promise<void>;

export interface DenoisedPicture {
  /** The network's input: the picture with its noise. */
  readonly before: Pixels;
  readonly after: Pixels;
  /** The time from when the weights are available to the last row. */
  readonly seconds: number;
  readonly network: NetworkSpec;
  /** The run's progress at that time; undefined if the network was not the run's. */
  readonly progress: Progress | undefined;
}

/** The messages between the page and the training Worker about small images that a network is tried on. */
export interface ImageService {
  /**
   * Denoises small grey images while a run continues to train. Throws an InputError or a DeviceError if the network is not
   * available, or is too large for the adapter.
   */
  denoiseImages(request: ImageRequest): Promise<DenoisedImages>;
}

export interface ImageRequest {
  readonly rows: number;
  readonly columns: number;
  /** [count, rows, columns], black at 0 and white at 1 */
  readonly images: Float32Array<ArrayBuffer>;
  /** The network to denoise with. Default: the run's, in its current state. */
  readonly model?: ModelSource | undefined;
}

export interface DenoisedImages {
  /** [count, rows, columns] in [0, 1] */
  readonly images: Float32Array<ArrayBuffer>;
  readonly network: NetworkSpec;
  /** The run's progress at that time; undefined if the network was not the run's. */
  readonly progress: Progress | undefined;
}

/** The pretrained networks that come with the page. */
export type ShippedName = "digits" | "photo";

/** The source of a network that is not the run's. */
export type ModelSource =
  | { readonly kind: "shipped"; readonly name: ShippedName }
  /** The user's file. No other file has its `id`. */
  | { readonly kind: "file"; readonly id: number; readonly file: File };
