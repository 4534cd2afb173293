/** Does one job after the other; of the jobs that are given while one is being done, only the newest is done. */
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

/** Milliseconds from one refresh to the next, at the least. */
const interval = 1000;

/** How many times as long as a refresh took there is none after it, so that a slow one cannot hold a training up. */
const restFactor = 4;

/** Repeats the same work while it is wanted, but not too often. */
export class Refresher {
  readonly #work: () => Promise<void>;
  #underWay = false;
  #wanted = false;
  /** When the next may begin, by `performance.now()`. */
  #next = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `work` must deal with its own errors. */
  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Refreshes as soon as the last refresh is long enough ago; `now`, as soon as no other is being done. */
  want(now: boolean): void {
    this.#wanted = true;
    if (now) this.#next = 0;
    this.#go();
  }

  /** Takes back what was wanted and has not begun. */
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

/** Does work after a delay; starting it again before that restarts the delay. */
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

/** Gives 1, 2, 3 and so on, a number at each call. */
export function counter(): () => number {
  let count = 0;
  return () => {
    count += 1;
    return count;
  };
}
