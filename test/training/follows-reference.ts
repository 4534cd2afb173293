import type { ImageSet } from "../../src/data/image-set.ts";
import type { Device } from "../../src/device/device.ts";
import type { Family } from "../../src/kernels/family.ts";
import { ReferenceTrainer } from "../../src/reference/train.ts";
import type { TrainingSpec } from "../../src/spec/settings.ts";
import { trainOn } from "../../src/training/device-run.ts";
import type { TrainingData } from "../../src/training/run-data.ts";
import { startingWeights } from "../../src/training/starting-weights.ts";

/**
 * Trains on the device and in float64; returns the largest differences of step losses, validation losses and weights.
 */
export async function differencesFromReference(
  device: Device,
  spec: TrainingSpec,
  data: TrainingData<ImageSet>,
  family?: Family,
  imageBytes?: number,
) {
  const trainer = await trainOn(device, spec, data, { family, imageBytes });
  const reference = new ReferenceTrainer(spec, trainer.network, startingWeights(trainer.network, spec));
  const images = ({ count, pixels, format }: ImageSet, noisy?: ImageSet) => ({
    count,
    clean: pixels,
    range: format?.range,
    noisy: noisy?.pixels,
  });
  let stepLoss = 0;
  let valLoss = 0;
  for await (const { record, stepLosses } of trainer.epochs()) {
    const want = reference.epoch(images(data.train, data.noisyTrain));
    if (want.length !== stepLosses.length)
      throw new Error(`${stepLosses.length} steps, expected ${want.length}`);
    stepLosses.forEach((loss, step) => {
      stepLoss = Math.max(stepLoss, Math.abs(loss - (want[step] ?? Number.NaN)));
    });
    valLoss = Math.max(
      valLoss,
      Math.abs(record.valLoss - reference.validate(images(data.validation, data.noisyValidation))),
    );
  }
  const { layers } = await trainer.weights();
  trainer.destroy();
  let weight = 0;
  layers.forEach((layer, index) => {
    const want = reference.layers[index];
    layer.weight.forEach((value, k) => {
      weight = Math.max(weight, Math.abs(value - (want?.weight[k] ?? Number.NaN)));
    });
    const inputs = layer.weight.length / layer.bias.length;
    layer.bias.forEach((value, k) => {
      // The weights of a centred run are converted for uncentred pictures: W (x - 0.5) + b = W x + (b - 0.5 W 1).
      const row = want?.weight.slice(k * inputs, (k + 1) * inputs) ?? new Float64Array();
      const folded = spec.centre && index === 0 ? 0.5 * row.reduce((sum, element) => sum + element, 0) : 0;
      weight = Math.max(weight, Math.abs(value - ((want?.bias[k] ?? Number.NaN) - folded)));
    });
  });
  return { stepLoss, valLoss, weight };
}
