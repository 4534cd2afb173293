/**
 * A file, a setting or an option cannot be used. The message is one
 * sentence that says what, which value and which limit, and can be shown to users.
 */
export class InputError extends Error {
  /** Identifies the error where `instanceof` cannot. */
  override readonly name = "InputError";
}
