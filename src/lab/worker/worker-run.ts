import { roundingOf } from "../../device/adapter.ts";
import { createTrainer } from "../../engine/create-trainer.ts";
import type { Engine, EngineTrainer } from "../../engine/engine.ts";
import { checkSameData } from "../../formats/data-fingerprint.ts";
import { InputError } from "../../spec/input-error.ts";
import type { TrainingSpec } from "../../spec/settings.ts";
import type { GoneOn, ResumedRun, SampleScores, SavedRun, TrainingListener } from "../protocol.ts";
import { CheckpointStorage, lockRun, newestCheckpoint, type RunLock } from "../runs/checkpoint-storage.ts";
import { CheckpointKeeper, type GoodState } from "./checkpoints.ts";
import { type AvailableImages, imagesFor } from "./images.ts";
import { TrainingRun } from "./training-run.ts";

/** What is needed to build a run. */
interface RunTools {
  readonly engine: Engine;
  readonly listener: TrainingListener;
}

/** A run that is to replace the current one. */
interface NewRun {
  readonly id: string;
  readonly trainer: EngineTrainer;
  readonly images: AvailableImages;
  readonly lock: RunLock | undefined;
  readonly from?: GoodState;
}

/** The Worker's run, and its replacement: the old run stays until the new one is built. */
export class WorkerRun {
  #run: TrainingRun | undefined;
  readonly #storage = new CheckpointStorage();

  get run(): TrainingRun | undefined {
    return this.#run;
  }

  /** Builds an untrained run; throws an InputError or a DeviceError if the settings cannot be used. */
  async start(tools: RunTools, spec: TrainingSpec, all: AvailableImages, id: string): Promise<void> {
    const images = imagesFor(all, spec);
    const trainer = await createTrainer(tools.engine, spec, images.data);
    await this.#put(tools, { id, trainer, images, lock: await lockRun(id) });
  }

  /** Builds a saved run in its saved state; throws an InputError or a DeviceError if this is impossible. */
  async resume(tools: RunTools, { id, name }: SavedRun, all: AvailableImages): Promise<ResumedRun> {
    const lock = await lockRun(id);
    if (!lock) throw new InputError(`${name} is open in another tab and continues only there.`);
    try {
      const stored = await this.#storage.checkpoints(id);
      const { checkpoint, faults } = newestCheckpoint(stored, name);
      const { spec, state, family, epochs } = checkpoint;
      const images = imagesFor(all, spec);
      checkSameData(await images.fingerprint(), checkpoint.data, images.data, name);
      const trainer = await createTrainer(tools.engine, spec, images.data, { state, family });
      const scores = await this.#put(tools, { id, trainer, images, lock, from: { state, epochs } });
      const before = faults.map((fault) => `${fault} The previous checkpoint is used.`);
      const remarks = [...before, ...adapterRemarks(checkpoint.adapter.name, tools.engine)];
      return { spec, epochs, scores, remarks };
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Builds the run again from its last good state, perhaps with other settings of the optimizer. */
  async goOn(tools: RunTools, spec: TrainingSpec, id: string): Promise<Omit<GoneOn, "engine">> {
    const { images, lastGood: from, trainer: before } = this.#run ?? {};
    if (!images || !from) throw new InputError("There is no state of the run to continue from.");
    const beginning = { state: from.state, family: before?.family };
    const trainer = await createTrainer(tools.engine, spec, images.data, beginning);
    // It may hold the lock that the new run needs.
    await this.#run?.destroy();
    const scores = await this.#put(tools, { id, trainer, images, lock: await lockRun(id), from });
    return { epochs: from.epochs, scores };
  }

  async #put(
    { engine, listener }: RunTools,
    { id, trainer, images, lock, from }: NewRun,
  ): Promise<SampleScores | undefined> {
    const before = this.#run;
    const shown = before?.images.summary.id === images.summary.id ? before.shown : [];
    const parts = {
      ...{ id, trainer, lock, data: images.fingerprint, adapter: () => engine.adapter },
      storage: this.#storage,
      tell: (event: Parameters<TrainingListener>[0]) => void listener(event),
    };
    const keeper = new CheckpointKeeper(parts, from);
    this.#run = new TrainingRun({ trainer, images, shown, keeper, listener });
    await before?.destroy();
    return this.#run.begin();
  }
}

function adapterRemarks(before: string, { adapter }: Engine): string[] {
  if (roundingOf(adapter.name) === roundingOf(before)) return [];
  return [
    `It was trained on ${before} and continues on ${adapter.name}, so its figures may differ in their last digits from those of an uninterrupted run.`,
  ];
}
