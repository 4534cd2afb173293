/** The result of an epoch of training. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Mean over the epoch's samples of the loss before each step's update. */
  readonly loss: number;
  /** Mean over the validation images after the epoch. */
  readonly valLoss: number;
  /** Mean over the validation images of their PSNR against the clean image, in dB, peak 1. */
  readonly valPsnr: number;
  /** Time spent on it, including validation but not pauses. */
  readonly seconds: number;
}

/** The numbers of a record, in the order of files. */
export const epochColumns = [
  "epoch",
  "loss",
  "valLoss",
  "valPsnr",
  "seconds",
] as const satisfies readonly (keyof EpochRecord)[];

/** An epoch's record and the loss of each of its steps. */
export interface EpochReport {
  readonly record: EpochRecord;
  readonly stepLosses: readonly number[];
}
