import convnetjs from "convnetjs";
import { adadeltaPresets } from "../../src/spec/optimizer.ts";
import { type Batch, batchesOf, type Problem } from "../problem.ts";
import { type Contestant, stepByStep, type Training } from "./contestant.ts";

const { rho, epsilon } = adadeltaPresets.keras2;

/** ConvNetJS: float64 in plain JavaScript, one image after another. */
export function convnet(): Contestant {
  return { open: async (problem) => train(problem) };
}

function train(problem: Problem): Training {
  const { batch, optimizer } = problem.shape;
  if (optimizer === "adam") throw new Error("ConvNetJS has no Adam.");
  const layers = problem.layers.map((layer) => {
    if (layer.kind !== "dense")
      throw new Error("Only dense layers are compared with ConvNetJS, which has no transposed convolutions.");
    return layer;
  });
  const pixels = problem.clean.rows * problem.clean.columns;
  const net = new convnetjs.Net();
  net.makeLayers([
    { type: "input", out_sx: 1, out_sy: 1, out_depth: pixels },
    ...layers.slice(0, -1).map(({ outputs }) => ({ type: "fc", num_neurons: outputs, activation: "relu" })),
    { type: "regression", num_neurons: pixels },
  ]);
  const output = new CrossEntropyLayer();
  net.layers.splice(-1, 1, output);
  const dense = net.layers.filter((layer) => layer.layer_type === "fc");
  layers.forEach(({ weight, bias, inputs }, index) => {
    const layer = dense[index];
    layer?.filters?.forEach((filter, row) => {
      filter.w.set(weight.subarray(row * inputs, (row + 1) * inputs));
    });
    layer?.biases?.w.set(bias);
  });
  const options = { method: "adadelta", ro: rho, eps: epsilon, batch_size: batch, l2_decay: 0, l1_decay: 0 };
  const trainer = new convnetjs.Trainer(net, options);
  const batches = batchesOf(problem).map((numbers) => pairsOf(numbers, pixels));
  return stepByStep(
    "float64 on one core",
    (number) => {
      const pairs = batches[number % batches.length] ?? [];
      return pairs.reduce((sum, [x, y]) => sum + trainer.train(x, y).cost_loss, 0) / pairs.length;
    },
    async (loss) => loss,
  );
}

function pairsOf({ noisy, clean }: Batch, pixels: number): [convnetjs.Vol, Float64Array][] {
  return Array.from({ length: clean.length / pixels }, (_, image) => {
    const volume = new convnetjs.Vol(1, 1, pixels, 0);
    volume.w.set(noisy.subarray(image * pixels, (image + 1) * pixels));
    return [volume, Float64Array.from(clean.subarray(image * pixels, (image + 1) * pixels))];
  });
}

/** The loss that ConvNetJS lacks, in the form of its loss layers: mean binary cross-entropy of the sigmoid. */
class CrossEntropyLayer implements convnetjs.Layer {
  readonly layer_type = "cross-entropy";
  #logits: convnetjs.Vol | undefined;

  forward(logits: convnetjs.Vol): convnetjs.Vol {
    this.#logits = logits;
    return logits;
  }

  backward(target: Float64Array): number {
    if (!this.#logits) throw new Error("backward comes after forward.");
    const { w, dw } = this.#logits;
    let sum = 0;
    for (let i = 0; i < w.length; i++) {
      const z = w[i] ?? 0;
      const t = target[i] ?? 0;
      sum += Math.max(z, 0) - z * t + Math.log1p(Math.exp(-Math.abs(z)));
      dw[i] = (1 / (1 + Math.exp(-z)) - t) / w.length;
    }
    return sum / w.length;
  }

  getParamsAndGrads(): [] {
    return [];
  }
}
