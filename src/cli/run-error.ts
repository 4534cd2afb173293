/** The error of a failed training, with advice. */
export class RunError extends Error {
  override readonly name = "RunError";

  constructor(cause: Error, advice: string) {
    super(`${cause.message} ${advice}`, { cause });
  }
}
