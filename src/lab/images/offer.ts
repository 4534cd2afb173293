import type { PictureSamples } from "../protocol.ts";
import type { OwnFiles } from "./own-pictures.ts";
import type { ImagesSummary } from "./summary.ts";

/** A person's files, which a run can be started with once they are read. */
export interface Offer {
  readonly files: OwnFiles;
  /** Undefined while they are being read. */
  readonly images: ImagesSummary | undefined;
  /** While the files are read: the offer before them, which stays where they cannot be used. */
  readonly before?: Offer | undefined;
  /** Of pictures, a few as they come to look; undefined until those are read. */
  readonly samples?: PictureSamples | undefined;
  /** How many pictures have been read. */
  readonly read?: number | undefined;
}
