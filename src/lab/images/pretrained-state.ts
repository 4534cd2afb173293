import { signal } from "@preact/signals";
import type { PretrainedRows, RowsBy } from "./rows.ts";

/** The state of the network for digits that comes with the page, a part of the page's store. */
export const pretrainedState = {
  /** Whose denoised images the person wants to see; undefined for whichever the run's state suggests. */
  chosen: signal<RowsBy | undefined>(undefined),

  /** The validation images that it denoised last. */
  rows: signal<PretrainedRows | undefined>(undefined),

  /** Whether it could not be had: the page then does without it. */
  missing: signal(false),
};
