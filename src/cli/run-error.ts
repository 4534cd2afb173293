/** A training that failed, with what can be done about it. */
export class RunError extends Error {
  override readonly name = "RunError";

  constructor(cause: Error, advice: string) {
    super(`${cause.message} ${advice}`, { cause });
  }
}
