/** Does one job after the other; of those that come while one is under way, only the newest is done. */
export class NewestOnly {
  #underWay = false;
  #next: (() => Promise<void>) | undefined;

  /** `job` must deal with its own errors. */
  async do(job: () => Promise<void>): Promise<void> {
    this.#next = job;
    if (this.#underWay) return;
    this.#underWay = true;
    try {
      for (let next = this.#take(); next; next = this.#take()) await next();
    } finally {
      this.#underWay = false;
    }
  }

  #take(): (() => Promise<void>) | undefined {
    const next = this.#next;
    this.#next = undefined;
    return next;
  }
}
