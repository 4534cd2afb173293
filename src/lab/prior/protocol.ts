import type { Picture } from "../../data/picture.ts";

/** The messages between the page and the training Worker about Deep Image Prior. */
export interface PriorService {
  /**
   * Decodes the largest middle square of a picture file that can be painted: of at most 256 x 256 pixels, and a multiple of 8. Throws an
   * InputError that names the file if it cannot be read, or if it has fewer than 32 pixels a side.
   */
  readSquare(file: File): Promise<Picture>;
  /**
   * A network learns to paint a picture, in turns with the run. An earlier painting is stopped first. Throws an InputError or a
   * DeviceError if the network cannot be trained.
   */
  paintPicture(request: PriorRequest, listener: PriorListener): Promise<PriorEnd>;
  /** Ends `paintPicture` after the submitted steps. */
  stopPainting(): Promise<void>;
}

export interface PriorRequest {
  /** The noisy picture. */
  readonly picture: Picture;
  /** The most training steps, a multiple of 10. */
  readonly steps: number;
  /** Whether the steps go on to the last one although the picture becomes worse again. */
  readonly toTheEnd: boolean;
}

/** Receives the events of a painting in their order, at most about ten a second. */
export type PriorListener = (event: PriorEvent) => void | Promise<void>;

export interface PriorEvent {
  /** What is new since the last event, in the order of the steps; at least one. */
  readonly points: readonly PriorPoint[];
  /** The picture that the network paints after the last of these steps. */
  readonly painted: Picture;
  /** The picture with the least error so far, if it is new. */
  readonly clearest: Picture | undefined;
}

/** The error after some steps. */
export interface PriorPoint {
  readonly step: number;
  /** The mean squared error at the pixels that are held out. */
  readonly heldOut: number;
}

/** Why a painting has ended: it was stopped, its last step is done, or the error of the held-out pixels does not fall any more. */
export type PriorEnd = "stopped" | "lastStep" | "noBetter";
