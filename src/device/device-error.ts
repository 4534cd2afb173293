/**
 * What is behind a DeviceError.
 *
 * lost         the device is gone, and all that lay on it: another one can be opened
 * unavailable  there is none, or it could not be opened
 * memory       what was asked for does not fit
 * refused      anything else: asked again, the device would refuse again
 */
export type DeviceErrorKind = "lost" | "unavailable" | "memory" | "refused";

/** What computes cannot do what was asked, or failed while doing it. The message is one sentence that can be shown as it is. */
export class DeviceError extends Error {
  /** Identifies the error where `instanceof` cannot. */
  override readonly name = "DeviceError";
  /** What is behind it. */
  readonly kind: DeviceErrorKind;

  constructor(message: string, kind: DeviceErrorKind = "refused", cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}
