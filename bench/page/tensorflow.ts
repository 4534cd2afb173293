import "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import type { LayerKind } from "../../src/spec/layer-specs.ts";
import { outputSize, parameterShapes } from "../../src/spec/layers.ts";
import { adadeltaPresets, defaultAdam, type OptimizerName } from "../../src/spec/optimizer.ts";
import { batchesOf, moved, type Problem, type ProblemLayer, sampleSize } from "../problem.ts";
import { type Contestant, stepByStep, type Training } from "./contestant.ts";

/** Applies the gradients of all variables. */
type Update = (grads: Readonly<Record<string, tf.Tensor>>) => void;

/** TensorFlow.js with one of its backends. */
export function tensorflow(backend: "webgpu" | "webgl" | "wasm"): Contestant {
  return {
    async open(problem) {
      setWasmPaths("/node_modules/@tensorflow/tfjs-backend-wasm/dist/");
      if (!(await tf.setBackend(backend)))
        throw new Error(`TensorFlow.js cannot start its backend ${backend}.`);
      await tf.ready();
      return train(problem);
    },
  };
}

function train(problem: Problem): Training {
  const { batch, optimizer } = problem.shape;
  const layers = problem.layers.map((spec) => ({ spec, ...variablesOf(spec) }));
  // Channels last, as all kernels of TensorFlow.js have them.
  const size = sampleSize(problem);
  const shape = [batch, ...size, ...(size.length > 1 ? [1] : [])];
  const batches = batchesOf(problem).map(({ noisy, clean }) => ({
    noisy: tf.tensor(noisy, shape),
    clean: tf.tensor(clean, shape),
  }));
  const loss = (noisy: tf.Tensor, clean: tf.Tensor) => {
    const logits = layers.reduce(
      (x, { spec, weight, bias }, index) => tf.add(products(index > 0 ? tf.relu(x) : x, weight, spec), bias),
      noisy,
    );
    return problem.shape.output === "residual"
      ? tf.mean(tf.square(tf.sub(tf.sub(noisy, logits), clean)))
      : tf.losses.sigmoidCrossEntropy(clean, logits, undefined, 0, tf.Reduction.MEAN);
  };
  const update = optimizers[optimizer](layers.flatMap(({ weight, bias }) => [weight, bias]));

  const step = (number: number) =>
    tf.tidy(() => {
      const chosen = batches[number % batches.length];
      if (!chosen) throw new Error("There is no batch.");
      const { value, grads } = tf.variableGrads(() => loss(chosen.noisy, chosen.clean));
      update(grads);
      return value;
    });
  const drop = (value: tf.Tensor) => value.dispose();
  const finish = async (value: tf.Tensor) => {
    const [number = Number.NaN] = Array.from(await value.data());
    drop(value);
    return number;
  };
  return stepByStep(tf.getBackend(), step, finish, drop);
}

/** The places of PyTorch's dimensions of a weight: [inputs, outputs]; [3, 3, inputs, outputs], transposed the last two swapped. */
const orders: { readonly [K in LayerKind]: readonly number[] } = {
  dense: [1, 0],
  conv: [2, 3, 1, 0],
  up: [2, 3, 1, 0],
};

function variablesOf(layer: ProblemLayer): { readonly weight: tf.Variable; readonly bias: tf.Variable } {
  const sides = parameterShapes(layer).weight;
  const order = orders[layer.kind];
  const weight = tf.tensor(
    moved(layer.weight, sides, order),
    order.map((dimension) => sides[dimension] ?? 1),
  );
  return { weight: tf.variable(weight), bias: tf.variable(tf.tensor(layer.bias)) };
}

function products(x: tf.Tensor, weight: tf.Tensor, layer: ProblemLayer): tf.Tensor {
  if (layer.kind === "dense") return tf.matMul(x, weight);
  if (layer.kind === "conv") return tf.conv2d(x, weight, layer.stride, 1);
  const { rows, columns, channels } = outputSize(layer);
  return tf.conv2dTranspose(x, weight, [x.shape[0] ?? 0, rows, columns, channels], 2, 1);
}

const optimizers: { readonly [name in OptimizerName]: (variables: readonly tf.Variable[]) => Update } = {
  adadelta,
  adam: () => {
    const { lr, beta1, beta2, epsilon } = defaultAdam;
    const adam = tf.train.adam(lr, beta1, beta2, epsilon);
    return (grads) => adam.applyGradients(grads);
  },
};

/**
 * Adadelta with two accumulators, as in Keras and PyTorch; lr is 1. TensorFlow.js' own version divides by the
 * accumulator before it includes the gradient, which is a different optimiser with the same number of operations.
 */
function adadelta(variables: readonly tf.Variable[]): Update {
  const { rho, epsilon } = adadeltaPresets.keras2;
  const state = variables.map((variable) => ({
    variable,
    squaredGradients: tf.variable(tf.zerosLike(variable)),
    squaredUpdates: tf.variable(tf.zerosLike(variable)),
  }));
  const decay = (mean: tf.Tensor, value: tf.Tensor) =>
    tf.add(tf.mul(mean, rho), tf.mul(tf.square(value), 1 - rho));
  return (grads) => {
    for (const { variable, squaredGradients, squaredUpdates } of state) {
      const gradient = grads[variable.name];
      if (!gradient) throw new Error(`There is no gradient of ${variable.name}.`);
      squaredGradients.assign(decay(squaredGradients, gradient));
      const ratio = tf.div(tf.add(squaredUpdates, epsilon), tf.add(squaredGradients, epsilon));
      const change = tf.mul(gradient, tf.sqrt(ratio));
      squaredUpdates.assign(decay(squaredUpdates, change));
      variable.assign(tf.sub(variable, change));
    }
  };
}
