import type { DenseLayer } from "../reference/dense-layer.ts";
import { type OutputLoss, type OutputTask, outputLoss } from "../reference/dense-loss.ts";
import type { LayerMath } from "../reference/layers.ts";
import { activated } from "../reference/loss.ts";
import type { LayerGradient } from "../reference/weight-update.ts";
import type { ActivationName } from "../spec/layers.ts";
import { addRowProducts, transposed } from "./row-products.ts";

/** What the CPU computes layers with: the reference's formulas in float64, with faster products. */
export const cpuMath: LayerMath = {
  dense: { forward: denseForward, loss: denseLoss, backward: denseBackward, addGradient },
};

/** See src/reference/dense-forward.ts. */
function denseForward(
  { inputs, outputs, weight, bias }: DenseLayer,
  x: Float64Array,
  activation: ActivationName,
  networkInput?: Float64Array,
): Float64Array {
  const y = new Float64Array((x.length / inputs) * outputs);
  for (let place = 0; place < y.length; place += outputs) y.set(bias, place);
  addRowProducts(y, x, weight, inputs);
  return activated(y, activation, networkInput);
}

function denseLoss(layer: DenseLayer, x: Float64Array, task: OutputTask): OutputLoss {
  return outputLoss(denseForward(layer, x, "linear"), layer.outputs, task);
}

/** See src/reference/dense-backward.ts. */
function denseBackward(
  { inputs, outputs, weight }: DenseLayer,
  x: Float64Array,
  dy: Float64Array,
): Float64Array {
  const dx = new Float64Array(x.length);
  addRowProducts(dx, dy, transposed(weight, inputs), outputs);
  for (let place = 0; place < dx.length; place++) {
    if (!((x[place] ?? Number.NaN) > 0)) dx[place] = 0;
  }
  return dx;
}

/** See addGradient in src/reference/weight-update.ts. */
function addGradient(
  { weight, bias }: LayerGradient,
  { inputs, outputs }: DenseLayer,
  x: Float64Array,
  dy: Float64Array,
): void {
  const byOutput = transposed(dy, outputs);
  const rows = x.length / inputs;
  addRowProducts(weight, byOutput, transposed(x, inputs), rows);
  addRowProducts(bias, byOutput, new Float64Array(rows).fill(1), rows);
}
