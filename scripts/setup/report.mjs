/** Something that a person has to put right; the message is one sentence that says what to do. */
export class SetupError extends Error {
  /** @override */
  name = "SetupError";
}

/**
 * Says in one line what is being done and why; on stderr, since stdout belongs to the program that runs next.
 * @param {string} line
 */
export function say(line) {
  console.error(`unsnow: ${line}`);
}
