/** Does one job after the other; of the jobs that arrive while one is being done, only the newest is done. */
export class NewestOnly {
  #underWay = false;
  #next: (() => Promise<void>) | undefined;

  /** `job` must handle its own errors. */
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

/** The least number of milliseconds from one refresh to the next. */
const interval = 1000;

/** The pause after a refresh, as a multiple of its duration, so that slow refreshes do not delay training much. */
const restFactor = 4;

/** Repeats the same work while it is requested, but not too often. */
export class Refresher {
  readonly #work: () => Promise<void>;
  #underWay = false;
  #wanted = false;
  /** The earliest time of the next one, by `performance.now()`. */
  #next = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `work` must handle its own errors. */
  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Refreshes as soon as the last refresh is long enough ago, or with `now` as soon as no other is in progress. */
  want(now: boolean): void {
    this.#wanted = true;
    if (now) this.#next = 0;
    this.#go();
  }

  /** Cancels a request whose work has not begun. */
  stop(): void {
    this.#wanted = false;
    clearTimeout(this.#timer);
  }

  #go(): void {
    clearTimeout(this.#timer);
    if (this.#underWay || !this.#wanted) return;
    const wait = this.#next - performance.now();
    if (wait > 0) this.#timer = setTimeout(() => this.#go(), wait);
    else void this.#refresh();
  }

  async #refresh(): Promise<void> {
    this.#wanted = false;
    this.#underWay = true;
    const started = performance.now();
    // A call of `want(true)` during the work resets this.
    this.#next = Number.POSITIVE_INFINITY;
    try {
      await this.#work();
    } finally {
      const ended = performance.now();
      const rest = Math.max(interval, restFactor * (ended - started));
      this.#next = Math.min(this.#next, ended + rest);
      this.#underWay = false;
      this.#go();
    }
  }
}

/** Does work after a delay; starting it again during the delay restarts the delay. */
export class Delay {
  readonly #milliseconds: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /** Whether work is waiting. */
  get waits(): boolean {
    return this.#timer !== undefined;
  }

  start(work: () => void): void {
    this.cancel();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      work();
    }, this.#milliseconds);
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** Returns a function that returns 1, 2, 3 and so on, one number per call. */
export function counter(): () => number {
  let count = 0;
  return () => {
    count += 1;
    return count;
  };
}
