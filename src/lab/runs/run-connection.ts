import { openRunDatabase, type RunDatabase } from "./run-database.ts";

/** What work fails with whose database is closed under it: in the middle, before, and in Safari without a word beforehand. */
const cutOff = new Set(["AbortError", "InvalidStateError", "UnknownError"]);

/**
 * The way to the database: it is opened when it is first needed, and anew where it was closed since, as browsers do when they
 * clear a page's storage or have had the page in the background for long.
 */
export class RunConnection {
  readonly #name: string | undefined;
  #opening: Promise<RunDatabase> | undefined;

  constructor(name?: string) {
    this.#name = name;
  }

  /**
   * Does `work`, one transaction, with the database; once more where the database was closed in the middle of it. Rejects
   * where there is none, and tries anew the next time.
   */
  async use<T>(work: (database: RunDatabase) => Promise<T>): Promise<T> {
    const opening = this.#opening ?? this.#open();
    try {
      return await work(await opening);
    } catch (error) {
      if (!(error instanceof Error && cutOff.has(error.name))) throw error;
      this.#forget(opening);
      void opening.then(
        (database) => database.close(),
        () => {},
      );
      return work(await (this.#opening ?? this.#open()));
    }
  }

  #open(): Promise<RunDatabase> {
    const opening = openRunDatabase(this.#name, () => this.#forget(opening));
    opening.catch(() => this.#forget(opening));
    this.#opening = opening;
    return opening;
  }

  #forget(opening: Promise<RunDatabase>): void {
    if (this.#opening === opening) this.#opening = undefined;
  }
}
