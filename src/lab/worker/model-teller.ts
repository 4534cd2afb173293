import type { EngineTrainer } from "../../engine/engine.ts";
import { encodeModel } from "../../formats/model-file.ts";
import { foldCentre } from "../../network/centre.ts";
import { inputCentre } from "../../spec/training.ts";
import { inSinglePrecision, type RunState } from "../../training/run-state.ts";
import type { ToldModel } from "../runs/run-record.ts";

/** Milliseconds from one time to the next at least, while the run trains. */
const interval = 30_000;

/** How many times as long as the weights took the run is then left alone. */
const leisure = 20;

/** Tells of a run's weights, as a model file, seldom enough to hardly slow it down. */
export class ModelTeller {
  readonly #trainer: EngineTrainer;
  readonly #tell: (model: ToldModel) => void;
  /** Where the run stood the last time. */
  #told: string | undefined;
  #due = 0;

  constructor(trainer: EngineTrainer, tell: (model: ToldModel) => void) {
    this.#trainer = trainer;
    this.#tell = tell;
  }

  /** Tells of the weights as they are, unless the last time is too short ago. */
  async tell(): Promise<void> {
    if (performance.now() >= this.#due) await this.tellNow();
  }

  /** Tells of the weights as they are, unless these were told. The first epoch must be done: runs are kept from then on. */
  async tellNow(): Promise<void> {
    const { epoch, step } = this.#trainer.progress;
    const place = `${epoch} ${step}`;
    if (epoch === 0 || place === this.#told) return;
    const started = performance.now();
    const bytes = encodeModel(await this.#trainer.weights(), this.#trainer.spec);
    this.#told = place;
    this.#tell({ epoch, step, bytes, kernels: this.#trainer.family });
    const now = performance.now();
    this.#due = now + Math.max(interval, leisure * (now - started));
  }

  /** Tells of the weights of a state that the run was in. */
  tellOf({ epoch, step, weights }: RunState): void {
    const { network, spec, family } = this.#trainer;
    const layers = foldCentre(inSinglePrecision(weights), inputCentre(spec));
    const bytes = encodeModel({ network, layers }, spec);
    this.#tell({ epoch, step, bytes, kernels: family });
  }
}
