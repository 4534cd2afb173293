/**
 * What is behind a GpuError.
 *
 * lost         the device is gone, and all that lay on it: another one can be opened
 * unavailable  there is none, or it could not be opened
 * memory       what was asked for does not fit
 * refused      anything else: asked again, the GPU would refuse again
 */
export type GpuErrorKind = "lost" | "unavailable" | "memory" | "refused";

/** The GPU cannot do what was asked, or failed while doing it. The message is one sentence that can be shown as it is. */
export class GpuError extends Error {
  /** Identifies the error where `instanceof` cannot. */
  override readonly name = "GpuError";
  /** What is behind it. */
  readonly kind: GpuErrorKind;

  constructor(message: string, kind: GpuErrorKind = "refused", cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}
