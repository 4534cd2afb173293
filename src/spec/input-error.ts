/**
 * Something a person gave us (a file, a setting, an option) cannot be used.
 * The message is one sentence that says what, which value, and which limit, so that it can be shown as it is.
 */
export class InputError extends Error {
  /** Tells it from other errors, where `instanceof` cannot. */
  override readonly name = "InputError";
}
