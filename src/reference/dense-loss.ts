import type { OutputName } from "../spec/network.ts";
import type { LossName } from "../spec/training.ts";
import { denseForward } from "./dense-forward.ts";
import type { DenseLayer } from "./dense-layer.ts";
import { at } from "./elements.ts";
import { lossDerivative, lossTerm, outputValue } from "./loss.ts";

/** What the last layer comes to on a batch. */
export interface OutputLoss {
  /** [rows, outputs]: the derivative of the mean loss over rows and outputs by the logits. */
  readonly gradient: Float64Array;
  /** [rows]: the mean loss of each row. */
  readonly losses: Float64Array;
  /** [rows]: the mean squared error of each row as a picture, which lies in [0, 1]. */
  readonly squaredErrors: Float64Array;
}

/** How the last layer ends, and what it is compared with. */
export interface OutputTask {
  readonly output: OutputName;
  readonly loss: LossName;
  /** [rows, outputs] */
  readonly clean: ArrayLike<number>;
  /** [rows, outputs]: the network's input, which a residual output needs. */
  readonly input: ArrayLike<number>;
}

/** The last dense layer, whose input is x, with its loss. */
export function denseLoss(
  layer: DenseLayer,
  x: ArrayLike<number>,
  { output, loss, clean, input }: OutputTask,
): OutputLoss {
  const { outputs } = layer;
  const logits = denseForward(layer, x, "linear");
  const rows = logits.length / outputs;
  const losses = new Float64Array(rows);
  const squaredErrors = new Float64Array(rows);
  const gradient = logits.map((z, index) => {
    const row = Math.floor(index / outputs);
    const pixel = { output, z, x: output === "residual" ? at(input, index) : 0, clean: at(clean, index) };
    const picture = Math.min(1, Math.max(0, outputValue(output, z, pixel.x)));
    losses[row] = at(losses, row) + lossTerm(loss, pixel) / outputs;
    squaredErrors[row] = at(squaredErrors, row) + (picture - pixel.clean) ** 2 / outputs;
    return lossDerivative(loss, pixel) / (rows * outputs);
  });
  return { gradient, losses, squaredErrors };
}
