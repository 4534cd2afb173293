import { selectImages } from "../src/data/image-set.ts";
import type { Device } from "../src/device/device.ts";
import { hiddenLayers } from "../src/spec/layer-text.ts";
import { noNoise } from "../src/spec/noise.ts";
import { defaultOptimizers } from "../src/spec/optimizer.ts";
import { defaultTraining, type TrainingSpec, trainingLimits } from "../src/spec/settings.ts";
import { type DeviceTrainerOptions, trainOn } from "../src/training/device-run.ts";
import type { Trainer } from "../src/training/trainer.ts";
import type { Training } from "./page/contestant.ts";
import type { Problem } from "./problem.ts";
import { lossOf, type Shape } from "./shapes.ts";

/** The maximum size of a training set in bytes; its images are repeated to fill an epoch. */
const maxSetBytes = 64 * 2 ** 20;

interface UnsnowTraining extends Training {
  destroy(): void;
}

/**
 * unsnow's own trainer. It trains whole epochs, so `train` runs an epoch with that many batches. The time covers its
 * training steps until all of them are done, but not the validation, which no other system has. `loss` does the
 * validation and reads the epoch back.
 */
export function unsnowTraining(
  device: Device,
  problem: Problem,
  options: DeviceTrainerOptions = {},
): UnsnowTraining {
  const { shape, clean } = problem;
  let trainer: Trainer | undefined;
  let epochSteps = 0;
  return {
    device: device.adapter.name,
    maxSteps: Math.floor(maxSetBytes / (shape.batch * clean.rows * clean.columns)),
    async train(steps) {
      if (!trainer || steps !== epochSteps) {
        trainer?.destroy();
        trainer = await create(device, problem, steps, options);
        epochSteps = steps;
      }
      return timeTrainingSteps(trainer, steps);
    },
    async loss() {
      const epoch = await trainer?.epochs().next();
      return epoch?.value?.stepLosses.at(-1) ?? Number.NaN;
    },
    destroy: () => trainer?.destroy(),
  };
}

/** Runs the epoch's `steps` training steps and waits for them. */
async function timeTrainingSteps(trainer: Trainer, steps: number): Promise<number> {
  const stop = new AbortController();
  const started = performance.now();
  const epochs = trainer.epochs(stop.signal, ({ step }) => {
    if (step >= steps) stop.abort();
  });
  await epochs.next();
  return performance.now() - started;
}

/** The settings of a run that trains a shape. */
export function trainingOf(shape: Shape): TrainingSpec {
  return {
    ...defaultTraining,
    hidden: hiddenLayers(shape.hidden),
    output: shape.output,
    loss: lossOf(shape),
    optimizer: defaultOptimizers[shape.optimizer],
    batch: shape.batch,
    noise: noNoise,
    shuffle: false,
    epochs: trainingLimits.epochs,
  };
}

function create(
  device: Device,
  { shape, clean, noisy, layers }: Problem,
  steps: number,
  options: DeviceTrainerOptions,
) {
  const epoch = Array.from({ length: steps * shape.batch }, (_, position) => position % clean.count);
  const data = {
    train: selectImages(clean, epoch),
    noisyTrain: selectImages(noisy, epoch),
    validation: selectImages(clean, [0]),
    noisyValidation: selectImages(noisy, [0]),
  };
  return trainOn(device, trainingOf(shape), data, { initial: layers, ...options });
}
