import type { Region } from "../../network/centre-out.ts";
import type { NetworkSpec } from "../../spec/network.ts";
import type { Progress } from "../../training/trainer.ts";
import type { Pixels } from "../shared/picture-files.ts";

/** The messages between the page and the training Worker about pictures to denoise. */
export interface PictureService {
  /** Decodes a picture file, upright, and adds noise; throws an InputError that names the file if that fails. */
  readPicture(file: File, noise: number): Promise<Pixels>;
  /** Reads a model unless it is already loaded; throws an InputError that names its file if it cannot be loaded or used. */
  readModel(source: ModelSource): Promise<NetworkSpec>;
  /**
   * Loads the network for photographs and what computes with it, before there is a picture. Errors are reported when it is needed.
   */
  preparePictures(): Promise<void>;
  /**
   * Denoises a picture beside the training, from its centre outwards; an earlier picture that is not finished is cancelled.
   * Undefined if it was cancelled. Throws an InputError that names the file if it cannot be read, or an InputError or a DeviceError if
   * the network or the picture is too large for the adapter.
   */
  denoisePicture(request: PictureRequest, listener: PictureListener): Promise<DenoisedPicture | undefined>;
  /** Ends `denoisePicture` within two submits. */
  cancelPicture(): Promise<void>;
  /** Ends the learning from the current picture, which is denoised by the network as far as it has learned. */
  stopLearning(): Promise<void>;
}

/** A network that the page asks for: one that was trained before, or one that learns from the picture alone. */
export type NetworkWish = GivenNetwork | { readonly kind: "self" };

/** The network that suits the picture, the run's in its current state, or another. */
export type GivenNetwork = { readonly kind: "suitable" } | { readonly kind: "run" } | ModelSource;

export interface PictureRequest {
  readonly file: File;
  readonly network: NetworkWish;
  /** The standard deviation of the Gaussian noise that is added first, where white is 1; 0 for none. */
  readonly noise: number;
  /** The strength of the noise that the network is told, relative to the estimate. Ignored by networks without a noise map. */
  readonly strength: number;
}

/** Receives the events of a picture in their order. */
export type PictureListener = (event: PictureEvent) => void | Promise<void>;

export type PictureEvent =
  /** The picture was decoded: the network's input, with its noise. */
  | { readonly kind: "read"; readonly before: Pixels }
  /** Some pixels are done: [bottom - top, right - left, 4]. */
  | { readonly kind: "region"; readonly region: Region; readonly rgba: Uint8ClampedArray<ArrayBuffer> }
  /** The share of a stage that is done, 0 to 1; sent at its beginning, and at most about ten times a second. */
  | { readonly kind: "share"; readonly stage: PictureStage; readonly share: number };

/** What is done with a picture: a network learns from it, and then it is denoised; other networks only denoise it. */
export type PictureStage = "learning" | "denoising";

/** Which network denoised a picture, and what it was told. */
export interface DenoisedBy {
  readonly network: NetworkSpec;
  /**
   * Which of the page's networks it was, the file's name, the number of steps for one that learned from the picture alone, or undefined
   * for the run's.
   */
  readonly model: ShippedName | { readonly file: string } | { readonly steps: number } | undefined;
  /** The run's progress at that time; undefined if the network was not the run's. */
  readonly progress: Progress | undefined;
  /** The estimated standard deviation of the picture's noise, where white is 1; undefined for a network without a noise map. */
  readonly estimate: number | undefined;
}

export interface DenoisedPicture extends DenoisedBy {
  readonly rows: number;
  readonly columns: number;
  /** The result as a PNG file. */
  readonly png: Blob;
  /** Whether the picture was left as it is, because no noise was found in it. */
  readonly unchanged: boolean;
  /** The time from when the picture and the weights are available to the last pixel; that of the learning is part of it. */
  readonly seconds: number;
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
  /** A network of the page; for pictures in colour, if there are several. */
  | { readonly kind: "shipped"; readonly name: ShippedName; readonly colour?: boolean | undefined }
  /** The user's file. No other file has its `id`. */
  | { readonly kind: "file"; readonly id: number; readonly file: File };
