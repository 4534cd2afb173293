/** A problem that the user has to fix; the message is one sentence with the required action. */
export class SetupError extends Error {
  /** @override */
  name = "SetupError";
}

/**
 * Prints in one line what is being done and why. It uses stderr, because stdout belongs to the program that runs
 * next.
 * @param {string} line
 */
export function say(line) {
  console.error(`unsnow: ${line}`);
}
