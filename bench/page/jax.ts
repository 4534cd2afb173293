import {
  blockUntilReady,
  defaultDevice,
  init,
  jit,
  lax,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
} from "@jax-js/jax";
import { parameterShapes } from "../../src/spec/layers.ts";
import { adadeltaPresets, defaultAdam, type OptimizerName } from "../../src/spec/optimizer.ts";
import { batchesOf, moved, type Problem, type ProblemLayer, sampleSize } from "../problem.ts";
import { type Contestant, stepByStep, type Training } from "./contestant.ts";

/** Weights and biases in turn: [inputs, outputs], [outputs], ...; of convolutions in PyTorch's order, and [outputs, 1, 1]. */
type Parameters = np.Array[];
type State = {
  parameters: Parameters;
  /** The optimizer's running means. */
  first: Parameters;
  second: Parameters;
  /** [1] each, what Adam divides its means by: 1 - beta^t. */
  corrections: np.Array[];
};

/** jax-js on one of its devices, the whole step jitted. */
export function jax(device: "webgpu" | "wasm"): Contestant {
  return {
    async open(problem) {
      const devices = await init(device);
      if (!devices.includes(device)) throw new Error(`jax-js cannot start its device ${device}.`);
      defaultDevice(device);
      return train(problem, device);
    },
  };
}

function train(problem: Problem, device: string): Training {
  const { batch, optimizer } = problem.shape;
  const parameters = problem.layers.flatMap(parametersOf);
  let state: State = {
    parameters,
    first: parameters.map((value) => np.zeros(value.shape)),
    second: parameters.map((value) => np.zeros(value.shape)),
    corrections: optimizer === "adam" ? [np.zeros([1]), np.zeros([1])] : [],
  };
  // Channels first, as jax-js has them.
  const size = sampleSize(problem);
  const shape = [batch, ...(size.length > 1 ? [1] : []), ...size];
  const batches = batchesOf(problem).map(({ noisy, clean }) => ({
    noisy: np.array(noisy, { shape }),
    clean: np.array(clean, { shape }),
  }));

  const jitted = jit((state: State, noisy: np.Array, clean: np.Array) =>
    trainingStep(problem, state, noisy, clean),
  );
  const step = (number: number) => {
    const chosen = batches[number % batches.length];
    if (!chosen) throw new Error("There is no batch.");
    const [loss, next] = jitted(state, chosen.noisy.ref, chosen.clean.ref);
    state = next;
    return loss;
  };
  return stepByStep(
    device,
    step,
    async (loss) => {
      // Arrays are lazy: the last update must be awaited as well. `data` consumes the array.
      await blockUntilReady(state);
      return (await loss.data())[0] ?? Number.NaN;
    },
    (loss) => loss.dispose(),
  );
}

function parametersOf(layer: ProblemLayer): [weight: np.Array, bias: np.Array] {
  const sides = parameterShapes(layer).weight;
  return layer.kind === "dense"
    ? [
        np.array(moved(layer.weight, sides, [1, 0]), { shape: [layer.inputs, layer.outputs] }),
        np.array(layer.bias),
      ]
    : [
        np.array(layer.weight, { shape: [...sides] }),
        np.array(layer.bias, { shape: [layer.channels, 1, 1] }),
      ];
}

/** Every use of an array except the last takes a reference, according to jax-js's reference counting. */
function trainingStep(
  { layers, shape: { output, optimizer } }: Problem,
  state: State,
  noisy: np.Array,
  clean: np.Array,
): [np.Array, State] {
  const meanLoss = (parameters: Parameters, noisy: np.Array, clean: np.Array) =>
    losses[output](layers, parameters, noisy, clean);
  const [loss, gradients] = valueAndGrad(meanLoss)(tree.ref(state.parameters), noisy, clean);
  const { beta1, beta2 } = defaultAdam;
  const corrections = state.corrections.map((value, index) =>
    value.mul([beta1, beta2][index] ?? 0).add(1 - ([beta1, beta2][index] ?? 0)),
  );
  const next: State = { parameters: [], first: [], second: [], corrections };
  state.parameters.forEach((parameter, index) => {
    const [gradient, first, second] = [gradients[index], state.first[index], state.second[index]];
    if (!gradient || !first || !second) throw new Error("A parameter is missing.");
    const [change, nextFirst, nextSecond] = optimizers[optimizer](gradient, first, second, corrections);
    next.parameters.push(parameter.sub(change));
    next.first.push(nextFirst);
    next.second.push(nextSecond);
  });
  return [loss, next];
}

/** The change of a parameter, and its new running means. Takes references of the corrections, and consumes the others. */
type Update = (
  gradient: np.Array,
  first: np.Array,
  second: np.Array,
  corrections: readonly np.Array[],
) => [change: np.Array, first: np.Array, second: np.Array];

const optimizers: { readonly [name in OptimizerName]: Update } = {
  adadelta: (gradient, oldSquaredGradients, oldSquaredUpdates) => {
    const { rho, epsilon } = adadeltaPresets.keras2;
    const squaredGradients = decay(oldSquaredGradients, np.square(gradient.ref), rho);
    const ratio = oldSquaredUpdates.ref.add(epsilon).div(squaredGradients.ref.add(epsilon));
    const change = gradient.mul(np.sqrt(ratio));
    return [change.ref, squaredGradients, decay(oldSquaredUpdates, np.square(change), rho)];
  },
  adam: (gradient, oldMean, oldSquares, [meanCorrection, squareCorrection]) => {
    if (!meanCorrection || !squareCorrection) throw new Error("A correction is missing.");
    const { lr, beta1, beta2, epsilon } = defaultAdam;
    const mean = decay(oldMean, gradient.ref, beta1);
    const squares = decay(oldSquares, np.square(gradient), beta2);
    const size = np.sqrt(squares.ref.div(squareCorrection.ref)).add(epsilon);
    return [mean.ref.div(meanCorrection.ref).mul(lr).div(size), mean, squares];
  },
};

function decay(mean: np.Array, value: np.Array, rate: number): np.Array {
  return mean.mul(rate).add(value.mul(1 - rate));
}

type Loss = (
  layers: readonly ProblemLayer[],
  parameters: Parameters,
  noisy: np.Array,
  clean: np.Array,
) => np.Array;

const losses: { readonly [output in Problem["shape"]["output"]]: Loss } = {
  // Binary cross-entropy from the logits z: softplus(z) - z t.
  sigmoid: (layers, parameters, noisy, clean) => {
    const z = logitsOf(layers, parameters, noisy);
    return nn.softplus(z.ref).sub(z.mul(clean)).mean();
  },
  residual: (layers, parameters, noisy, clean) => {
    const z = logitsOf(layers, parameters, noisy.ref);
    return np.square(noisy.sub(z).sub(clean)).mean();
  },
};

function logitsOf(layers: readonly ProblemLayer[], parameters: Parameters, noisy: np.Array): np.Array {
  return layers.reduce((x, layer, index) => {
    const [weight, bias] = parameters.slice(2 * index);
    if (!weight || !bias) throw new Error("A parameter is missing.");
    return products(index > 0 ? nn.relu(x) : x, weight, layer).add(bias);
  }, noisy);
}

function products(x: np.Array, weight: np.Array, layer: ProblemLayer): np.Array {
  if (layer.kind === "dense") return np.matmul(x, weight);
  const around = [1, 1] as const;
  if (layer.kind === "conv") {
    return lax.convGeneralDilated(x, weight, [layer.stride, layer.stride], [around, around]);
  }
  // PyTorch's padding 1 and output padding 1: one row less is cut off behind the image.
  const before = [1, 0] as const;
  return lax.convTranspose(x, weight, [2, 2], [before, before], { transposeKernel: true });
}
