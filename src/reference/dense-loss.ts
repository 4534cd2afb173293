import type { LossName } from "../spec/training.ts";
import { denseForward } from "./dense-forward.ts";
import type { DenseLayer } from "./dense-layer.ts";
import { at } from "./elements.ts";
import { lossDerivative, lossTerm, sigmoid } from "./loss.ts";

/** What the last layer comes to on a batch. */
export interface OutputLoss {
  /** [rows, outputs]: the derivative of the mean loss over rows and outputs by the logits. */
  readonly gradient: Float64Array;
  /** [rows]: the mean loss of each row. */
  readonly losses: Float64Array;
  /** [rows]: the mean squared error of each row. */
  readonly squaredErrors: Float64Array;
}

/** The last dense layer with a sigmoid, compared with the clean batch [rows, outputs]. */
export function denseLoss(
  layer: DenseLayer,
  x: ArrayLike<number>,
  clean: ArrayLike<number>,
  loss: LossName,
): OutputLoss {
  const { outputs } = layer;
  const logits = denseForward(layer, x, "logits");
  const rows = logits.length / outputs;
  const losses = new Float64Array(rows);
  const squaredErrors = new Float64Array(rows);
  const gradient = logits.map((z, index) => {
    const row = Math.floor(index / outputs);
    const target = at(clean, index);
    losses[row] = at(losses, row) + lossTerm(loss, z, target) / outputs;
    squaredErrors[row] = at(squaredErrors, row) + (sigmoid(z) - target) ** 2 / outputs;
    return lossDerivative(loss, z, target) / (rows * outputs);
  });
  return { gradient, losses, squaredErrors };
}
