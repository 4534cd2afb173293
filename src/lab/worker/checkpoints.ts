import type { AdapterSummary } from "../../device/adapter.ts";
import type { EngineTrainer } from "../../engine/engine.ts";
import { encodeCheckpoint } from "../../formats/checkpoint.ts";
import type { DataFingerprint } from "../../formats/data-fingerprint.ts";
import { trainingSettings } from "../../formats/training-settings.ts";
import type { EpochRecord } from "../../training/history.ts";
import type { Place, RunState } from "../../training/run-state.ts";
import type { TrainingEvent } from "../protocol.ts";
import type { CheckpointStorage, RunLock } from "../runs/checkpoint-storage.ts";

/** The least number of milliseconds from one checkpoint to the next, while the run trains: at epochs' ends, and within long ones. */
const usualIntervals = { epochEnd: 5000, within: 30_000 } as const;

/**
 * The pause after a checkpoint, as a multiple of its duration, and the maximum pause in milliseconds, because the computer may
 * have slept.
 */
const leisure = 20;
const longestRest = 300_000;

/** Milliseconds after which to check again whether the page has stored a new run. */
const shortly = 500;

const cleared =
  "The browser has cleared what was saved of the run, so it cannot be continued once this tab is closed: export it to keep it.";

/** The parts of a CheckpointKeeper. */
interface KeeperParts {
  /** The id under which the page stores the run. */
  readonly id: string;
  readonly trainer: EngineTrainer;
  readonly adapter: () => AdapterSummary;
  readonly data: () => Promise<DataFingerprint>;
  readonly storage: CheckpointStorage;
  /** Undefined if another tab has the run; nothing is stored then. */
  readonly lock: RunLock | undefined;
  readonly tell: (event: TrainingEvent) => void;
  readonly intervals?: typeof usualIntervals | undefined;
}

/** A valid state of a run, and the epochs before it. */
export interface GoodState {
  readonly state: RunState;
  readonly epochs: readonly EpochRecord[];
}

/**
 * Saves a run while it trains, rarely enough to hardly slow it down: the trainer waits while its state is read, and
 * continues while it is stored. Failures to store are reported and do not stop the run; the previous checkpoint stays. A
 * state with a number that is not finite is never saved.
 */
export class CheckpointKeeper {
  readonly #parts: KeeperParts;
  readonly #intervals: { readonly epochEnd: number; readonly within: number };
  readonly #epochs: EpochRecord[];
  #last: GoodState | undefined;
  /** The last state between two epochs, or the state from which the run continued. */
  #lastBetweenEpochs: GoodState | undefined;
  /** The time when the last state was read, or when the run was built. */
  #readAt = performance.now();
  /** The earliest time of the next checkpoint. */
  #due = Number.NEGATIVE_INFINITY;
  #number: number | undefined;
  #storing: Promise<void> = Promise.resolve();
  #busy = false;
  /** The progress that was stored last. */
  #stored: string | undefined;

  /** `from` is the state from which the run continues; undefined for a new run. */
  constructor(parts: KeeperParts, from?: GoodState) {
    this.#parts = parts;
    this.#intervals = parts.intervals ?? usualIntervals;
    this.#epochs = [...(from?.epochs ?? [])];
    this.#last = from;
    this.#lastBetweenEpochs = from;
  }

  /**
   * The last state that was read for a checkpoint, stored or not; or a later one that the trainer kept itself. For a run that
   * diverged, the last state between two epochs: within the epoch in which it diverged, the weights may already be bad.
   */
  lastGood(diverged: boolean): GoodState | undefined {
    if (diverged) return this.#lastBetweenEpochs ?? this.#last;
    const kept = this.#parts.trainer.keptState;
    if (!kept || (this.#last && isLater(this.#last.state, kept))) return this.#last;
    return { state: kept, epochs: this.#epochs.slice(0, kept.epoch) };
  }

  /** Records an epoch that is done. */
  record(epoch: EpochRecord): void {
    this.#epochs.push(epoch);
  }

  /** Saves the current state of the run, at an epoch's end or within one, unless the last save is too recent. */
  async save(): Promise<void> {
    const { step } = this.#parts.trainer.progress;
    const now = performance.now();
    const early = step > 0 && now - this.#readAt < this.#intervals.within;
    if (!this.#busy && !early && now >= this.#due) await this.saveNow();
  }

  /** Saves the current state of the run. It resolves when the state was read; `stored` resolves when it is on the disk. */
  async saveNow(): Promise<void> {
    const { trainer } = this.#parts;
    // Runs are stored from their first epoch on.
    if (this.#epochs.length === 0 || this.#isStored(trainer.progress)) return;
    const started = performance.now();
    const state = await trainer.state();
    const good = { state, epochs: this.#epochs.slice(0, state.epoch) };
    this.#last = good;
    if (state.step === 0) this.#lastBetweenEpochs = good;
    this.#readAt = performance.now();
    const spent = this.#readAt - started;
    this.#due = this.#readAt + Math.max(this.#intervals.epochEnd, restAfter(spent));
    this.#busy = true;
    this.#storing = this.#storing
      .then(() => this.#store(good, spent))
      .finally(() => {
        this.#busy = false;
      });
  }

  /** Resolves when nothing is being stored. */
  stored(): Promise<void> {
    return this.#storing;
  }

  /** Stops saving the run, after the current write is finished. */
  async leave(): Promise<void> {
    await this.#storing;
    this.#parts.lock?.release();
  }

  /** Whether the current state of the run is stored, or being stored. */
  #isStored(progress: Place): boolean {
    const place = placeOf(progress);
    return (
      place === this.#stored ||
      (this.#busy && this.#last !== undefined && place === placeOf(this.#last.state))
    );
  }

  async #store({ state, epochs }: GoodState, spent: number): Promise<void> {
    const { id, trainer, adapter, data, storage, lock, tell } = this.#parts;
    if (!lock) return;
    try {
      if (!(await this.#isKept())) {
        this.#due = performance.now() + restAfter(spent);
        this.#tellGone();
        return;
      }
      this.#number ??= (await storage.place(id))?.number ?? 0;
      const number = this.#number + 1;
      const fingerprint = await data();
      const started = performance.now();
      const bytes = encodeCheckpoint({
        ...{ number, settings: trainingSettings(trainer.spec), adapter: adapter() },
        ...{ family: trainer.family, data: fingerprint, state, epochs },
      });
      this.#due = Math.max(this.#due, started + restAfter(performance.now() - started + spent));
      const { epoch, step } = state;
      const place = await storage.save({ run: id, number, epoch, step, time: Date.now() }, bytes);
      if (!place) {
        this.#tellGone();
        return;
      }
      this.#number = number;
      this.#stored = placeOf(state);
      tell({ kind: "saved", place });
    } catch (error) {
      tell({ kind: "unsaved", run: id, fault: faultOf(error), gone: false });
    }
  }

  /** Reports that a stored run was deleted, or that the browser has cleared its storage. */
  #tellGone(): void {
    const { id, tell } = this.#parts;
    if (this.#stored === undefined) return;
    tell({ kind: "unsaved", run: id, fault: cleared, gone: true });
  }

  /** Whether the page has stored the run. The page gets the report of the first epoch at the same time, so it may store it soon. */
  async #isKept(): Promise<boolean> {
    const { id, storage } = this.#parts;
    if (await storage.hasRun(id)) return true;
    if (this.#stored !== undefined) return false;
    await new Promise((resolve) => setTimeout(resolve, shortly));
    return storage.hasRun(id);
  }
}

/** The pause after a checkpoint that took `spent` milliseconds. */
function restAfter(spent: number): number {
  return Math.min(longestRest, leisure * spent);
}

function placeOf({ epoch, step }: Place): string {
  return `${epoch} ${step}`;
}

function isLater(one: Place, other: Place): boolean {
  return one.epoch - other.epoch > 0 || (one.epoch === other.epoch && one.step >= other.step);
}

function faultOf(error: unknown): string {
  const full = error instanceof Error && error.name === "QuotaExceededError";
  return full
    ? "The browser's storage is full, so the run is no longer saved; training continues, and the last checkpoint stays."
    : "The browser stores nothing here, so the run cannot be continued once this tab is closed.";
}
