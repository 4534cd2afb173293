import type { Progress } from "../../training/trainer.ts";
import type { CodePlane, CodeUnits } from "./codes.ts";

/**
 * The messages between the page and the training Worker about the inside of the run's network. Everything is
 * computed when it is requested, whether the run trains or not. All calls throw an InputError while there is no run.
 */
export interface InsideService {
  /** Reads the run's current weights. */
  readFilters(wish: FilterWish): Promise<Filters>;
  /** Encodes validation images, with the validation noise, with the run's current weights. */
  readCodes(): Promise<Codes>;
  /**
   * Codes [count, code size] -> pictures [count, rows, columns], with the weights that were read last. Throws an
   * InputError for a residual network, which cannot decode a code by itself.
   */
  decodeCodes(codes: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>>;
  /** Sends an image through the run's convolutions. Throws an InputError for a network of dense layers. */
  readChannels(wish: ChannelWish): Promise<Channels>;
  /** The kernels that make a channel, with the weights that were read last. */
  readKernels(wish: KernelWish): Promise<Kernels>;
  /** Frees what these methods keep. */
  leaveInside(): void;
}

/** The layer whose input is the picture, or the one whose output is. */
export type FilterLayer = "encoder" | "decoder";

export interface FilterWish {
  readonly layer: FilterLayer;
  /** The first unit to show, from 0; if there are fewer, the last page of units. */
  readonly first: number;
  /** The maximum number of units. */
  readonly count: number;
}

/** The weights between the pixels and units of the first or the last hidden layer: a picture for each unit. */
export interface Filters {
  readonly layer: FilterLayer;
  readonly rows: number;
  readonly columns: number;
  /** The number of the layer's units. */
  readonly units: number;
  /** The unit of the first picture. */
  readonly first: number;
  /** [units shown, rows, columns] */
  readonly weights: Float32Array<ArrayBuffer>;
  /** The greatest magnitude of all units' weights. */
  readonly greatest: number;
  /** The run's progress at that time. */
  readonly progress: Progress;
}

export interface ChannelWish {
  /** [rows, columns] */
  readonly pixels: Float32Array<ArrayBuffer>;
  /** The first channel to show of each layer; 0 for the layers that are not listed. */
  readonly firsts: readonly number[];
  /** The maximum number of channels to show of a layer. */
  readonly count: number;
}

/** What a network makes of an image. */
export interface Channels {
  /** From the first layer to the last. */
  readonly layers: readonly LayerChannels[];
  /** The run's progress at that time. */
  readonly progress: Progress;
}

/** The output of a layer for an image; of the last layer before the output function. */
export interface LayerChannels {
  /** A hidden layer as in the settings: "conv:16/2"; the last one by its output: "sigmoid". */
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** The number of the layer's channels. */
  readonly channels: number;
  /** The first channel shown. */
  readonly first: number;
  /** [channels shown, rows, columns] */
  readonly values: Float32Array<ArrayBuffer>;
  /** The greatest magnitude of all channels. */
  readonly greatest: number;
}

/** A channel, by the indices of its layer and in the layer. */
export interface ChannelPlace {
  readonly layer: number;
  readonly channel: number;
}

export interface KernelWish extends ChannelPlace {
  /** The maximum number of kernels. */
  readonly count: number;
}

/** The strongest kernels that make a channel. */
export interface Kernels extends ChannelPlace {
  /** The number of all of them: one for each channel of the layer before, or of the image. */
  readonly inputs: number;
  /** The channels of the layer before to which they are applied. */
  readonly from: readonly number[];
  /** [kernels, 3, 3] */
  readonly weights: Float32Array<ArrayBuffer>;
  readonly bias: number;
}

/** Validation images and their codes. */
export interface Codes {
  /** Their indices among the validation images. */
  readonly images: readonly number[];
  readonly rows: number;
  readonly columns: number;
  /** [images, rows, columns] in [0, 1], without noise */
  readonly clean: Float32Array<ArrayBuffer>;
  /** The number of values in a code. */
  readonly size: number;
  /** [images, size], each value >= 0 */
  readonly codes: Float32Array<ArrayBuffer>;
  readonly units: CodeUnits;
  readonly plane: CodePlane;
  /** Whether the network can decode a code by itself. */
  readonly decodes: boolean;
  /** The run's progress at that time. */
  readonly progress: Progress;
}
