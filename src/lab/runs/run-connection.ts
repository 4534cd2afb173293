import { openRunDatabase, type RunDatabase } from "./run-database.ts";

/**
 * The way to the database: it is opened when it is first needed, and anew where it was closed since, as browsers do when they
 * clear a page's storage or have had the page in the background for long.
 */
export class RunConnection {
  readonly #name: string | undefined;
  #database: Promise<RunDatabase> | undefined;

  constructor(name?: string) {
    this.#name = name;
  }

  /** The database, open. Rejects where there is none, and tries anew the next time. */
  database(): Promise<RunDatabase> {
    if (this.#database) return this.#database;
    const forget = () => {
      if (this.#database === opening) this.#database = undefined;
    };
    const opening = openRunDatabase(this.#name, forget);
    opening.catch(forget);
    this.#database = opening;
    return opening;
  }
}
