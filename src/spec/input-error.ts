/**
 * An invalid file, setting or option. The message is one sentence for users that names the item, the value and the
 * limit.
 */
export class InputError extends Error {
  /** Identifies the error where `instanceof` does not work. */
  override readonly name = "InputError";
}
