import "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { adadeltaPresets } from "../../src/spec/optimizer.ts";
import { batchesOf, type Problem, transposed } from "../problem.ts";
import { type Contestant, stepByStep, type Training } from "./contestant.ts";

const { rho, epsilon } = adadeltaPresets.keras2;

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
  const { batch } = problem.shape;
  const layers = problem.layers.map((layer) => ({
    weight: tf.variable(tf.tensor2d(transposed(layer), [layer.inputs, layer.outputs])),
    bias: tf.variable(tf.tensor1d(layer.bias)),
  }));
  const batches = batchesOf(problem).map(({ noisy, clean }) => ({
    noisy: tf.tensor2d(noisy, [batch, noisy.length / batch]),
    clean: tf.tensor2d(clean, [batch, clean.length / batch]),
  }));
  const loss = (noisy: tf.Tensor, clean: tf.Tensor) => {
    const logits = layers.reduce(
      (x, { weight, bias }, index) => tf.add(tf.matMul(index > 0 ? tf.relu(x) : x, weight), bias),
      noisy,
    );
    return tf.losses.sigmoidCrossEntropy(clean, logits, undefined, 0, tf.Reduction.MEAN);
  };
  const update = adadelta(layers.flatMap(({ weight, bias }) => [weight, bias]));

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

/**
 * Adadelta with two accumulators, as in Keras and PyTorch; lr is 1. TensorFlow.js' own version divides by the
 * accumulator before it includes the gradient, which is a different optimiser with the same number of operations.
 */
function adadelta(variables: readonly tf.Variable[]): (grads: Readonly<Record<string, tf.Tensor>>) => void {
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
