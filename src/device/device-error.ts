/**
 * The cause of a DeviceError.
 *
 * lost         the device and everything on it is gone: another one can be opened
 * unavailable  there is no device, or it could not be opened
 * memory       the requested memory is not available
 * refused      anything else: the device would refuse the same request again
 */
export type DeviceErrorKind = "lost" | "unavailable" | "memory" | "refused";

/** A device failed or cannot do what was requested. The message is one sentence that can be shown to users. */
export class DeviceError extends Error {
  /** Identifies the error where `instanceof` does not work. */
  override readonly name = "DeviceError";
  /** The cause. */
  readonly kind: DeviceErrorKind;

  constructor(message: string, kind: DeviceErrorKind = "refused", cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}
