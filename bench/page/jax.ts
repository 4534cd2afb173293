import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { adadeltaPresets } from "../../src/spec/optimizer.ts";
import { batchesOf, type Problem, transposed } from "../problem.ts";
import { type Contestant, stepByStep, type Training } from "./contestant.ts";

const { rho, epsilon } = adadeltaPresets.keras2;

/** Weights and biases in turn: [inputs, outputs], [outputs], ... */
type Parameters = np.Array[];
type State = { parameters: Parameters; squaredGradients: Parameters; squaredUpdates: Parameters };

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
  const { batch } = problem.shape;
  const parameters = problem.layers.flatMap((layer) => [
    np.array(transposed(layer), { shape: [layer.inputs, layer.outputs] }),
    np.array(layer.bias),
  ]);
  let state: State = {
    parameters,
    squaredGradients: parameters.map((value) => np.zeros(value.shape)),
    squaredUpdates: parameters.map((value) => np.zeros(value.shape)),
  };
  const batches = batchesOf(problem).map(({ noisy, clean }) => ({
    noisy: np.array(noisy, { shape: [batch, noisy.length / batch] }),
    clean: np.array(clean, { shape: [batch, clean.length / batch] }),
  }));

  const jitted = jit(trainingStep);
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

/** Every use of an array except the last takes a reference, according to jax-js's reference counting. */
function trainingStep(state: State, noisy: np.Array, clean: np.Array): [np.Array, State] {
  const [loss, gradients] = valueAndGrad(meanLoss)(tree.ref(state.parameters), noisy, clean);
  const next: State = { parameters: [], squaredGradients: [], squaredUpdates: [] };
  state.parameters.forEach((parameter, index) => {
    const gradient = gradients[index];
    const oldSquaredGradients = state.squaredGradients[index];
    const oldSquaredUpdates = state.squaredUpdates[index];
    if (!gradient || !oldSquaredGradients || !oldSquaredUpdates) throw new Error("A parameter is missing.");
    const squaredGradients = decay(oldSquaredGradients, gradient.ref);
    const ratio = oldSquaredUpdates.ref.add(epsilon).div(squaredGradients.ref.add(epsilon));
    const change = gradient.mul(np.sqrt(ratio));
    next.squaredGradients.push(squaredGradients);
    next.squaredUpdates.push(decay(oldSquaredUpdates, change.ref));
    next.parameters.push(parameter.sub(change));
  });
  return [loss, next];
}

function decay(mean: np.Array, value: np.Array): np.Array {
  return mean.mul(rho).add(np.square(value).mul(1 - rho));
}

/** Binary cross-entropy from the logits z: softplus(z) - z t. */
function meanLoss(parameters: Parameters, noisy: np.Array, clean: np.Array): np.Array {
  let x = noisy;
  for (let index = 0; index < parameters.length; index += 2) {
    const [weight, bias] = parameters.slice(index, index + 2);
    if (!weight || !bias) throw new Error("A parameter is missing.");
    x = np.matmul(index > 0 ? nn.relu(x) : x, weight).add(bias);
  }
  return nn.softplus(x.ref).sub(x.mul(clean)).mean();
}
