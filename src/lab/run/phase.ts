/** What the page is doing, as far as its buttons are concerned. */
export type Phase =
  /** The Worker opens the GPU, or the CPU, and reads the images. */
  | "opening"
  /** The address asks for the GPU, and there is none: `failure` says why. */
  | "unsupported"
  /** A new run is being built. */
  | "starting"
  /** A run is there and stands still: untrained, or paused. */
  | "idle"
  | "training"
  /** The steps under way are awaited. */
  | "pausing"
  /** One step is under way. */
  | "stepping"
  /** All epochs of the run are done. */
  | "finished"
  /** Something broke: `failure` says what. Reset starts afresh. */
  | "failed";
