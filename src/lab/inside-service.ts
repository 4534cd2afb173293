import type { Progress } from "../training/trainer.ts";
import type { CodeUnits } from "./inside/code-units.ts";
import type { CodePlane } from "./inside/codes.ts";

/**
 * What the page and the training Worker say to each other about the inside of the run's network. What is asked for is
 * computed when it is asked for, while the run trains or stands still. Throws an InputError while there is no run.
 */
export interface InsideService {
  /** Reads weights of the run as it is now. */
  readFilters(wish: FilterWish): Promise<Filters>;
  /** Encodes validation images, with validation's noise, by the run as it is now. */
  readCodes(): Promise<Codes>;
  /**
   * Codes [count, code size] -> pictures [count, rows, columns], by the weights that were looked at last. Throws an
   * InputError for a residual network, which cannot decode a code by itself.
   */
  decodeCodes(codes: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>>;
  /** Frees what was kept for the three. */
  leaveInside(): void;
}

/** The layer that looks at the picture, or the one that draws it. */
export type FilterLayer = "encoder" | "decoder";

export interface FilterWish {
  readonly layer: FilterLayer;
  /** The first unit wanted, from 0; the page of units that has it where there are fewer. */
  readonly first: number;
  /** How many units at most. */
  readonly count: number;
}

/** The weights between the pixels and units of the first or the last hidden layer: a picture for each unit. */
export interface Filters {
  readonly layer: FilterLayer;
  readonly rows: number;
  readonly columns: number;
  /** Units that the layer has. */
  readonly units: number;
  /** The unit of the first picture. */
  readonly first: number;
  /** [pictured units, rows, columns] */
  readonly weights: Float32Array<ArrayBuffer>;
  /** The greatest magnitude of a weight, of all units. */
  readonly greatest: number;
  /** Where the run stood. */
  readonly progress: Progress;
}

/** Validation images and their codes. */
export interface Codes {
  /** Their numbers among the validation images. */
  readonly images: readonly number[];
  readonly rows: number;
  readonly columns: number;
  /** [images, rows, columns] in [0, 1], without noise */
  readonly clean: Float32Array<ArrayBuffer>;
  /** Values in a code. */
  readonly size: number;
  /** [images, size], each value >= 0 */
  readonly codes: Float32Array<ArrayBuffer>;
  readonly units: CodeUnits;
  readonly plane: CodePlane;
  /** Whether the network can decode a code by itself. */
  readonly decodes: boolean;
  /** Where the run stood. */
  readonly progress: Progress;
}
