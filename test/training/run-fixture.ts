import type { ByteImageSet, ImageSet } from "../../src/data/image-set.ts";
import { newSamples, type SampleFormat } from "../../src/data/samples.ts";
import { type GivenLayers, hiddenLayers } from "../../src/spec/layer-text.ts";
import type { LayerWeights } from "../../src/spec/network.ts";
import { noNoise } from "../../src/spec/noise.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";
import type { OptimizerSpec } from "../../src/spec/optimizer.ts";
import { defaultTraining, type TrainingSpec } from "../../src/spec/settings.ts";
import type { TrainingData } from "../../src/training/run-data.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";

/** Smooth grey blobs, which a network can learn. They are always the same for a name. */
export function blobs(name: string, count: number, rows: number, columns: number): ByteImageSet {
  const numbers = new MadeNumbers(name);
  const pixels = new Uint8Array(count * rows * columns);
  for (let image = 0; image < count; image++) {
    const [y, x, size] = [numbers.next(0, rows), numbers.next(0, columns), numbers.next(1, 3)];
    for (let pixel = 0; pixel < rows * columns; pixel++) {
      const distance = (Math.floor(pixel / columns) - y) ** 2 + ((pixel % columns) - x) ** 2;
      pixels[image * rows * columns + pixel] = Math.round(255 * Math.exp(-distance / size ** 2));
    }
  }
  return { name, count, rows, columns, pixels };
}

/** Training and validation blobs. */
export function blobData(
  train: number,
  validation: number,
  rows: number,
  columns: number,
): TrainingData<ByteImageSet> {
  return {
    train: blobs("train", train, rows, columns),
    validation: blobs("validation", validation, rows, columns),
  };
}

/** The same data in 16 bits or float32 and another range, with values between those of bytes. */
export function deepData(
  { train, validation }: TrainingData<ByteImageSet>,
  format: SampleFormat,
): TrainingData<ImageSet> {
  const { bits, range } = format;
  const deep = (set: ByteImageSet): ImageSet => {
    const numbers = new MadeNumbers(`deep ${set.name}`);
    const pixels = newSamples(bits, set.pixels.length);
    set.pixels.forEach((byte, index) => {
      const sample = range.low + ((byte + numbers.next(0, 1)) / 256) * (range.high - range.low);
      pixels[index] = bits === 32 ? sample : Math.floor(sample);
    });
    return { ...set, pixels, format };
  };
  return { train: deep(train), validation: deep(validation) };
}

/** A short run, with defaults for all settings that are not given. */
export function shortRun({
  hidden = defaultTraining.hidden,
  ...changes
}: Partial<Omit<TrainingSpec, "hidden">> & { readonly hidden?: GivenLayers }): TrainingSpec {
  return { ...defaultTraining, epochs: 2, batch: 8, ...changes, hidden: hiddenLayers(hidden) };
}

/**
 * Adam scales small gradients up to the learning rate, together with float32's rounding errors. An epsilon of this size
 * prevents that for smaller gradients.
 */
const calmAdam: OptimizerSpec = { name: "adam", lr: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-4 };

/** Runs that cover all settings; one table for every device. */
export const shortRuns: readonly { name: string; spec: TrainingSpec; data: TrainingData<ByteImageSet> }[] = [
  {
    name: "the default noise, loss and shuffle",
    spec: shortRun({ hidden: [9] }),
    data: blobData(37, 11, 6, 5),
  },
  {
    name: "a deep network, squared error, file order",
    spec: shortRun({ hidden: [12, 3, 7], loss: "mse", shuffle: false, seed: 4 }),
    data: blobData(24, 8, 4, 4),
  },
  {
    name: "four noises in a chain, drawn separately for each image, which is wider than high",
    spec: shortRun({
      hidden: [7],
      noise: parseNoise("blur:0.4..0.8+speckle:0.2+bands:0..0.1+salt-pepper:0.05"),
    }),
    data: blobData(21, 6, 4, 7),
  },
  {
    name: "fixed noise and shifts, a batch of 1, a code of 1",
    spec: shortRun({ hidden: [5, 1, 5], shift: 1, fixedNoise: true, batch: 1, seed: 0xffffffff }),
    data: blobData(9, 3, 3, 3),
  },
  {
    name: "convolutions with a stride and back, shifts, a short last batch",
    spec: shortRun({ hidden: "conv:5/2,conv:3,up:6", shift: 1, batch: 6, initialization: "torch" }),
    data: blobData(20, 7, 6, 8),
  },
  {
    name: "a residual of convolutions, Adam, a falling learning rate",
    spec: shortRun({
      ...{ hidden: "conv:6x2,conv:3", output: "residual", loss: "mse", initialization: "torch" },
      ...{ optimizer: calmAdam, schedule: { kind: "cosine" }, noise: parseNoise("gaussian:0.1..0.4") },
    }),
    data: blobData(17, 5, 5, 7),
  },
  {
    name: "images shifted again in every epoch, noise that is more often weak",
    spec: shortRun({ hidden: [8], shift: 2, noise: parseNoise("gaussian:0.1..0.6^-2") }),
    data: blobData(26, 7, 5, 8),
  },
  {
    name: "no noise, the whole set as one batch, other optimiser settings",
    spec: shortRun({
      hidden: [6],
      noise: noNoise,
      batch: 13,
      optimizer: { name: "adadelta", lr: 0.5, rho: 0.9, epsilon: 1e-6 },
    }),
    data: blobData(13, 5, 2, 9),
  },
  {
    name: "Adam with a cosine, a residual output, He's weights",
    spec: shortRun({
      hidden: [7, 5],
      output: "residual",
      initialization: "he",
      loss: "mse",
      optimizer: calmAdam,
      schedule: { kind: "cosine" },
    }),
    data: blobData(37, 11, 5, 5),
  },
  {
    name: "a centred input, a residual output, PyTorch's weights",
    spec: shortRun({
      hidden: [7, 5],
      output: "residual",
      initialization: "torch",
      centre: true,
      loss: "mse",
    }),
    data: blobData(24, 8, 5, 4),
  },
  {
    name: "weights that pass on a centred input",
    spec: shortRun({
      hidden: [23, 21],
      output: "linear",
      initialization: "identity",
      centre: true,
      loss: "mse",
      optimizer: calmAdam,
    }),
    data: blobData(24, 8, 5, 4),
  },
  {
    name: "two noisy versions of each image, without a clean one",
    spec: shortRun({ hidden: [6], noise: noNoise, noise2noise: true, loss: "mse" }),
    data: {
      ...blobData(37, 11, 4, 5),
      noisyTrain: blobs("other shots", 37, 4, 5),
      noisyValidation: blobs("more other shots", 11, 4, 5),
    },
  },
  {
    name: "a linear output, a learning rate in steps",
    spec: shortRun({
      hidden: [6],
      output: "linear",
      loss: "mse",
      schedule: { kind: "step", epochs: 1, factor: 0.25 },
    }),
    data: blobData(24, 8, 4, 5),
  },
  {
    name: "a U-Net on blocks of pixels with a noise map, Adam",
    spec: shortRun({
      ...{
        hidden: "unet:3",
        block: 2,
        noiseMap: true,
        output: "residual",
        loss: "mse",
        initialization: "torch",
      },
      ...{ optimizer: calmAdam, noise: parseNoise("gaussian:0.1..0.4+unclipped"), batch: 6 },
    }),
    data: blobData(16, 5, 16, 8),
  },
  {
    name: "noisy images alone: blind spots drawn in each epoch, noise once, shifts",
    spec: shortRun({
      ...{ hidden: "conv:4,conv:3", output: "residual", loss: "mse", initialization: "torch", batch: 6 },
      // WGSL allows normal numbers a larger error, which the few targets would show.
      ...{ selfSupervised: true, noise: parseNoise("uniform:0.3+unclipped"), fixedNoise: true, shift: 1 },
    }),
    data: blobData(16, 5, 9, 15),
  },
  {
    name: "noisy images alone, hidden along columns, a sigmoid",
    spec: shortRun({
      ...{ hidden: "conv:4,conv:3", block: 2, initialization: "torch", batch: 6, noise: noNoise },
      ...{ selfSupervised: true, mask: { columns: 1, rows: 3 } },
    }),
    data: blobData(16, 5, 14, 8),
  },
  {
    name: "convolutions that add an earlier layer's output",
    spec: shortRun({ hidden: "conv:5,conv:3/2,conv:3+2,up:5+1", initialization: "torch" }),
    data: blobData(17, 5, 6, 4),
  },
];

/** Weights of 30-9-30 that all have this value, without biases. */
const evenWeights = (size: number): readonly LayerWeights[] => [
  { weight: new Float32Array(270).fill(size), bias: new Float32Array(9) },
  { weight: new Float32Array(270).fill(size), bias: new Float32Array(30) },
];

/** Runs that diverge in their first epoch, and the step at which this is reported. */
export const divergingRuns: readonly {
  name: string;
  spec: TrainingSpec;
  data: TrainingData<ByteImageSet>;
  initial: readonly LayerWeights[];
  step: number;
}[] = [
  {
    name: "numbers that stop being finite",
    spec: shortRun({ hidden: [9], optimizer: { name: "adadelta", lr: 1000, rho: 0, epsilon: 1 } }),
    data: blobData(37, 11, 6, 5),
    initial: evenWeights(3e38),
    step: 1,
  },
  {
    // Black images are 0 for any weights; the last of five steps is the one before the validation.
    name: "numbers that are not finite only in the validation",
    spec: shortRun({ hidden: [9], noise: noNoise }),
    data: {
      train: { ...blobs("train", 37, 6, 5), pixels: new Uint8Array(37 * 30) },
      validation: blobs("validation", 11, 6, 5),
    },
    initial: evenWeights(1e25),
    step: 5,
  },
];
