import { rangeText } from "../data/sample-range.ts";
import { foldCentre } from "../network/centre.ts";
import { spotAlone } from "../spec/blind-spots.ts";
import { parameterShapes } from "../spec/layers.ts";
import { hiddenOf, type Model, type NetworkSpec } from "../spec/network.ts";
import { defaultTraining, type TrainingSpec } from "../spec/settings.ts";
import { inputCentre } from "../spec/training.ts";
import type { EpochRecord } from "../training/history.ts";
import type { RunState } from "../training/run-state.ts";
import type { ParsedCheckpoint } from "./checkpoint.ts";
import type { DataFingerprint } from "./data-fingerprint.ts";
import { historyCsv } from "./history.ts";
import { encodeModel } from "./model-file.ts";
import { encodeSafetensors, type Tensor } from "./safetensors.ts";
import type { JsonObject } from "./strict-json.ts";
import blind from "./torchrun/blind.py?raw";
import draws from "./torchrun/draws.py?raw";
import images from "./torchrun/images.py?raw";
import noise from "./torchrun/noise.py?raw";
import pictures from "./torchrun/pictures.py?raw";
import profiles from "./torchrun/profiles.py?raw";
import readme from "./torchrun/README.md?raw";
import stored from "./torchrun/stored.py?raw";
import tensors from "./torchrun/tensors.py?raw";
import train from "./torchrun/train.py?raw";
import type { TrainingNote } from "./training-note.ts";
import { trainingSettings } from "./training-settings.ts";

/** A run to be continued in PyTorch. */
export interface TorchrunRun {
  readonly spec: TrainingSpec;
  readonly network: NetworkSpec;
  /** The names of the images, by the names of train's options: data, valData, noisy, valNoisy, colour, range. */
  readonly data: JsonObject;
  /** Undefined if any images are accepted. */
  readonly fingerprint?: DataFingerprint | undefined;
  readonly state: Pick<RunState, "epoch" | "step" | "weights" | "moments" | "metrics">;
  /** Training images per epoch; undefined if no step was done yet. */
  readonly trainingImages?: number | undefined;
  /** The finished epochs. */
  readonly epochs: readonly EpochRecord[];
}

/** The run in a checkpoint. */
export function checkpointRun(checkpoint: ParsedCheckpoint): TorchrunRun {
  const { spec, network, settings, data: fingerprint, state, epochs } = checkpoint;
  const { data, valData, noisy, valNoisy, colour, range } = settings;
  return {
    ...{ spec, network, fingerprint, state, epochs },
    data: { data, valData, noisy, valNoisy, colour, range },
    trainingImages: spec.patches?.count ?? fingerprint.train.count,
  };
}

/**
 * A new run that starts from a model, with running means of zero: with the noise that the model was trained on, and
 * otherwise with the default settings. Its images are not named yet.
 */
export function modelRun({ network, layers }: Model, note: TrainingNote | undefined): TorchrunRun {
  const { output, block, noiseMap } = network;
  const hidden = hiddenOf(network);
  const loss = output === "sigmoid" ? "bce" : "mse";
  const zeros = layers.map(({ weight, bias }) => ({
    weight: new Float32Array(weight.length),
    bias: new Float32Array(bias.length),
  }));
  const none = new Float32Array();
  return {
    spec: {
      ...defaultTraining,
      ...(note && { noise: note.noise, seed: note.seed }),
      ...(note?.selfSupervised && { selfSupervised: true, mask: note.mask ?? spotAlone }),
      hidden,
      output,
      loss,
      block,
      noiseMap,
    },
    network,
    data: note?.samples ? { range: rangeText(note.samples.range) } : {},
    state: {
      ...{ epoch: 0, step: 0, weights: layers, moments: { squares: zeros, others: zeros } },
      metrics: { training: none, validation: none },
    },
    epochs: [],
  };
}

/** The model with the run's current weights. */
export function runModel({ spec, network, state }: Pick<TorchrunRun, "spec" | "network" | "state">): Model {
  return { network, layers: foldCentre(state.weights, inputCentre(spec)) };
}

/** The files of a PyTorch project that continues a run with torchrun, by their names. */
export function torchrunFiles(run: TorchrunRun): Map<string, string | Uint8Array> {
  const { spec, network, data, fingerprint, epochs } = run;
  const { image, channels } = network;
  const settings = { ...data, image, channels, ...trainingSettings(spec), fingerprint };
  return new Map<string, string | Uint8Array>([
    ["README.md", readme],
    ["train.py", train],
    ["images.py", images],
    ["pictures.py", pictures],
    ["stored.py", stored],
    ["profiles.py", profiles],
    ["noise.py", noise],
    ["draws.py", draws],
    ["blind.py", blind],
    ["tensors.py", tensors],
    ["settings.json", `${JSON.stringify(settings, undefined, 1)}\n`],
    ["state.safetensors", encodeState(run)],
    ["model.safetensors", encodeModel(runModel(run), spec)],
    ["history.csv", historyCsv(epochs)],
  ]);
}

/** state.safetensors: see torchrun/README.md. */
function encodeState({ spec, network, state, trainingImages = 0 }: TorchrunRun): Uint8Array {
  const { epoch, weights, moments, metrics } = state;
  const tensors = new Map<string, Tensor>();
  for (const [part, layers] of Object.entries({ layers: weights, ...moments })) {
    layers.forEach(({ weight, bias }, index) => {
      const shapes = network.layers.map(parameterShapes)[index] ?? { weight: [], bias: [] };
      tensors.set(`${part}.${index}.weight`, { shape: shapes.weight, values: weight });
      tensors.set(`${part}.${index}.bias`, { shape: shapes.bias, values: bias });
    });
  }
  const steps = Math.ceil(trainingImages / spec.batch);
  // A validation in progress is repeated.
  const step = Math.min(state.step, steps);
  let lossSum = 0;
  metrics.training.forEach((value, index) => {
    if (index % 2 === 0) lossSum += value;
  });
  const place = { epoch, step, updates: epoch * steps + step, lossSum };
  return encodeSafetensors(tensors, new Map(Object.entries(place).map(([key, value]) => [key, `${value}`])));
}
