import { checkMask, formatMask, parseMask, type SpotMask, spotAlone } from "./blind-spots.ts";
import { mostLayers } from "./layer-kinds.ts";
import { type HiddenLayer, type OutputName, outputNames } from "./layer-specs.ts";
import { formatLayers, hiddenLayers, layersJson, parseLayers } from "./layer-text.ts";
import { checkHidden, checkTogether, denseLayers } from "./layers.ts";
import { networkLimits } from "./network.ts";
import { checkNoise, type NoiseSpec } from "./noise.ts";
import { formatNoise, readNoise } from "./noise-text.ts";
import { defaultOptimizers, type OptimizerName, type OptimizerSpec, optimizerNames } from "./optimizer.ts";
import type { PatchSpec } from "./patch.ts";
import {
  checkSchedule,
  formatSchedule,
  parseSchedule,
  type ScheduleSpec,
  scheduleForms,
} from "./schedule.ts";
import { fillTable, flag, integer, oneOf, type SettingTable, text } from "./setting-kinds.ts";

/** The loss function: binary cross-entropy or mean squared error, a mean over samples and pixels. */
export const lossNames = ["bce", "mse"] as const;
/** The name of the loss function. */
export type LossName = (typeof lossNames)[number];

/**
 * The distribution of initial weights.
 *
 * glorot    W ~ U(-l, l), l = sqrt(6 / (inputs + outputs)) (Glorot and Bengio 2010), as for dense layers in Keras; b = 0
 * he        l = sqrt(6 / inputs) for the layers that end in a ReLU (He et al. 2015, arXiv:1502.01852), for deep networks
 * torch     W, b ~ U(-l, l), l = 1 / sqrt(inputs), as for torch.nn.Linear in PyTorch
 * identity  as torch, but the first nodes of each hidden layer each pass on one value of the image, so that the network
 *           initially leaves its input almost unchanged (after Le, Jaitly and Hinton 2015, arXiv:1504.00941): for weak
 *           noise. Each hidden layer must have at least as many nodes as an image has values.
 */
export const initializationNames = ["glorot", "he", "torch", "identity"] as const;
/** The name of a distribution of initial weights. */
export type InitializationName = (typeof initializationNames)[number];

/**
 * The settings of a training run, without its images. The same spec and images on the same adapter, with the same
 * family of kernels, give the same bits.
 */
export interface TrainingSpec {
  /** The hidden layers: 1 to 15 dense ones, or 1 to 63 convolutions. */
  readonly hidden: readonly HiddenLayer[];
  /** Convolutions get a block of this many rows and columns of pixels, 1 to 8, as the channels of one pixel: with 2, a quarter of the work. */
  readonly block: number;
  /** The factor of the Gaussian noise is an additional input channel of convolutions, so that one network works for a range of factors. */
  readonly noiseMap: boolean;
  /** The output function of the last layer. */
  readonly output: OutputName;
  /** The distribution of the initial weights. */
  readonly initialization: InitializationName;
  /**
   * Subtract 0.5 from each value of the first layer's input, so that its inputs are centred around zero, which speeds
   * up learning (LeCun et al. 1998, "Efficient BackProp", section 4.3). A finished model takes pictures as they are:
   * see foldCentre.
   */
  readonly centre: boolean;
  /** The loss function; cross-entropy needs the output sigmoid. */
  readonly loss: LossName;
  /** The noise added to the network's input. */
  readonly noise: NoiseSpec;
  /**
   * The measured twins are as noisy as the images, and neither is clean: one of them is the input and the other the target
   * (Noise2Noise, Lehtinen et al. 2018, arXiv:1803.04189).
   */
  readonly noise2noise: boolean;
  /**
   * The images are noisy, and there are no clean ones. About 2 % of the pixels are replaced by the value of another pixel nearby, and the
   * loss compares the output of a convolutional network there with the original values (Noise2Void, Krull et al. 2019, arXiv:1811.10980;
   * Noise2Self, Batson and Royer 2019, arXiv:1901.11365).
   */
  readonly selfSupervised: boolean;
  /** The pixels that are hidden together in self-supervised training. */
  readonly mask: SpotMask;
  /**
   * Shift every training image by up to this many whole pixels, 0 to 16, vertically and horizontally, drawn like its
   * noise. Beyond its edge, the outermost pixels are repeated. A network that gets an image at many positions
   * overfits less (Simard et al. 2003, "Best Practices for Convolutional Neural Networks"). Patches are cut from
   * random positions, so they are not shifted.
   */
  readonly shift: number;
  /** Draw the training noise, and the shifts, once instead of in every epoch. */
  readonly fixedNoise: boolean;
  /** Sweeps over the images, 1 to 1,000,000. */
  readonly epochs: number;
  /** Train on random patches of pictures instead of whole images. */
  readonly patches?: PatchSpec | undefined;
  /** Images per step, 1 to 65,536 and at most the number of images; the last step of an epoch may have fewer. */
  readonly batch: number;
  /** Visit the images in a new order every epoch; patches are always drawn again. */
  readonly shuffle: boolean;
  /** An optimizer and its settings. */
  readonly optimizer: OptimizerSpec;
  /** The schedule of the optimizer's learning rate. */
  readonly schedule: ScheduleSpec;
  /** 0 to 2^32 - 1; the seed of the weights, the shuffle and the noise. */
  readonly seed: number;
}

/**
 * The settings of a run under their names in options and in files. The optimizer is represented by its name; its
 * numeric settings are in `optimizers`. The settings of patches are in `patchSettings`.
 */
export interface FlatSettings extends Omit<TrainingSpec, "optimizer" | "patches"> {
  readonly optimizer: OptimizerName;
}

/** The settings of a run as represented in options and files. */
export function flatSettings(spec: TrainingSpec): FlatSettings {
  return { ...spec, optimizer: spec.optimizer.name };
}

export const trainingLimits = { epochs: 1_000_000, batch: 65_536, seed: 2 ** 32 - 1, shift: 16 } as const;

const defaultNoise: NoiseSpec = { stages: [{ kind: "gaussian", setting: 0.5 }], clip: true };

/**
 * Every setting of a run, in the order of files. It is the source of the options of `unsnow train`, the JSON of
 * files, the page's address and form, the library's options and the table of differences between runs.
 */
export const settings: SettingTable<FlatSettings> = {
  noise: text({
    ...{ option: "noise", value: "noise", group: "noise", title: "Noise" },
    help: `the noise added to clean images, in the forms listed below (default: ${formatNoise(defaultNoise)}; none with --noisy and --self-supervised)`,
    ...{ parse: readNoise, format: formatNoise, check: checkNoise, default: defaultNoise },
  }),
  noise2noise: flag({
    ...{ option: "noise2noise", group: "images", title: "Noise2Noise", default: false },
    help: "--data is as noisy as --noisy: the pictures of a pair take turns as input and target",
  }),
  selfSupervised: flag({
    ...{ option: "self-supervised", group: "images", title: "Self-supervised" },
    help: "--data is noisy, and there are no clean images: learn to predict single pixels from those around them",
    ...{ default: false, optionalInFiles: true },
  }),
  mask: text<SpotMask>({
    ...{ option: "mask", value: "columns x rows", group: "images", title: "Mask" },
    help: "with --self-supervised, hide this many pixels around each: 5x1 for noise that is correlated along rows",
    ...{ parse: parseMask, format: formatMask, check: checkMask, default: spotAlone, optionalInFiles: true },
  }),
  shift: integer({
    ...{ option: "shift", value: "pixels", group: "noise", title: "Shift" },
    help: `shift each training image by up to this many pixels, vertically and horizontally: 0 to ${trainingLimits.shift}`,
    ...{ min: 0, max: trainingLimits.shift, default: 0, optionalInFiles: true },
  }),
  fixedNoise: flag({
    ...{ option: "fixed-noise", group: "noise", title: "Fixed noise", default: false },
    help: "draw the training noise and the shifts once instead of every epoch",
  }),
  hidden: text<readonly HiddenLayer[]>({
    ...{ option: "hidden", value: "layers", group: "network", title: "Hidden layers" },
    help: "nodes of the hidden layers, as 32 or 512,128,512, or convolutions, as conv:32x7, conv:16/2,up:16 or unet:16",
    ...{ parse: parseLayers, format: formatLayers, default: denseLayers(32) },
    // Whether they fit the images is checked by checkTraining.
    check: (hidden) => {
      checkTogether(hidden);
      for (const layer of hidden) checkHidden(layer);
    },
    json: {
      needs: `a list of at most ${mostLayers}`,
      toJson: layersJson,
      fromJson: (json) => (Array.isArray(json) && json.length <= mostLayers ? hiddenLayers(json) : undefined),
    },
  }),
  block: integer({
    ...{ option: "block", value: "pixels", group: "network", title: "Block" },
    help: `the sides of a block of pixels that convolutions get as channels: 1 to ${networkLimits.block}; 2 takes a quarter of the work`,
    ...{ min: 1, max: networkLimits.block, default: 1, optionalInFiles: true },
  }),
  noiseMap: flag({
    ...{ option: "noise-map", group: "network", title: "Noise map", default: false, optionalInFiles: true },
    help: "the factor of the Gaussian noise is an additional input channel, so that one network works for a range of factors",
  }),
  output: oneOf({
    ...{ option: "output", value: "name", group: "network", title: "Output" },
    help: "the output of the last layer: a sigmoid, the picture itself, or the noise to subtract",
    ...{ names: outputNames, default: "sigmoid" },
  }),
  initialization: oneOf({
    ...{ option: "initialization", value: "name", group: "network", title: "Initialization" },
    help: "how the initial weights are drawn; he and torch suit deep networks, identity suits weak noise",
    ...{ names: initializationNames, default: "glorot" },
  }),
  centre: flag({
    ...{ option: "centre", group: "network", title: "Centred input", default: false, optionalInFiles: true },
    help: "subtract 0.5 from each value before the first layer, which helps deep networks on patches",
  }),
  loss: oneOf({
    ...{ option: "loss", value: "name", group: "network", title: "Loss" },
    help: "binary cross-entropy or mean squared error",
    ...{ names: lossNames, default: "bce" },
  }),
  epochs: integer({
    ...{ option: "epochs", value: "count", group: "network", title: "Epochs" },
    help: "passes through the training images",
    ...{ subject: "The number of epochs", min: 1, max: trainingLimits.epochs, default: 100 },
  }),
  batch: integer({
    ...{ option: "batch", value: "images", group: "network", title: "Batch" },
    help: "images per step; the last step of an epoch may have fewer",
    ...{ min: 1, max: trainingLimits.batch, default: 128 },
  }),
  shuffle: flag({
    ...{ option: "no-shuffle", group: "network", title: "Shuffle", default: true },
    help: "use the order of the file instead of a new one each epoch",
  }),
  optimizer: oneOf({
    ...{ option: "optimizer", value: "name", group: "optimizer", title: "Optimizer" },
    help: "how the gradient changes the weights",
    ...{ names: optimizerNames, default: "adadelta" },
  }),
  schedule: text<ScheduleSpec>({
    ...{ option: "schedule", value: "form", group: "optimizer", title: "Schedule" },
    help: `how the learning rate changes: ${scheduleForms}`,
    ...{ parse: parseSchedule, format: formatSchedule, check: checkSchedule, default: { kind: "constant" } },
  }),
  seed: integer({
    ...{ option: "seed", value: "number", group: "network", title: "Seed" },
    help: `seed of the weights, the order and the noise: 0 to ${trainingLimits.seed}`,
    ...{ min: 0, max: trainingLimits.seed, default: 0 },
  }),
};

/** The settings of the notebook's run. */
export const defaultTraining: TrainingSpec = {
  ...fillTable(settings, (_, setting) => setting.default),
  optimizer: defaultOptimizers[settings.optimizer.default],
};
