import type { OutputName } from "../spec/layer-specs.ts";
import type { LossName } from "../spec/settings.ts";
import { denseForward } from "./dense-forward.ts";
import type { DenseLayer } from "./dense-layer.ts";
import { doubles } from "./elements.ts";
import { lossDerivative, lossTerm, outputValue } from "./loss.ts";

/** The results of the last layer on a batch. */
export interface OutputLoss {
  /** [rows, outputs]: the derivative of the mean loss over samples and counted outputs with respect to the logits. */
  readonly gradient: Float64Array;
  /** [rows]: the mean loss of each row. */
  readonly losses: Float64Array;
  /** [rows]: the mean squared error of each row, clipped to [0, 1] like a picture. */
  readonly squaredErrors: Float64Array;
}

/** The last layer's output function and loss, and the target. */
export interface OutputTask {
  readonly output: OutputName;
  readonly loss: LossName;
  /** [rows, outputs] */
  readonly clean: ArrayLike<number>;
  /** [rows, outputs]: the network's input, which a residual output needs. */
  readonly input: ArrayLike<number>;
  /** [rows, outputs]: 1 for the outputs that count in the means, and otherwise 0. Default: all count. */
  readonly counted?: ArrayLike<number> | undefined;
}

/** The last dense layer with input x, and its loss. */
export function denseLoss(layer: DenseLayer, x: ArrayLike<number>, task: OutputTask): OutputLoss {
  return outputLoss(denseForward(layer, x, "linear"), layer.outputs, task);
}

/** The loss of logits [rows, outputs]. */
export function outputLoss(logits: Float64Array, outputs: number, task: OutputTask): OutputLoss {
  const { output, loss, counted } = task;
  const [clean, input] = [doubles(task.clean), doubles(task.input)];
  const rows = logits.length / outputs;
  const gradient = new Float64Array(logits.length);
  const losses = new Float64Array(rows);
  const squaredErrors = new Float64Array(rows);
  for (let row = 0, place = 0; row < rows; row++) {
    let lossSum = 0;
    let squares = 0;
    const countOf = (index: number) => (counted ? (counted[index] ?? Number.NaN) : 1);
    const first = place;
    const count = Array.from({ length: outputs }, (_, index) => countOf(first + index)).reduce(
      (sum, one) => sum + one,
    );
    for (const end = place + outputs; place < end; place++) {
      const z = logits[place] ?? Number.NaN;
      const t = clean[place] ?? Number.NaN;
      const pixel = { output, z, x: output === "residual" ? (input[place] ?? Number.NaN) : 0, clean: t };
      const picture = Math.min(1, Math.max(0, outputValue(output, z, pixel.x)));
      lossSum += countOf(place) * lossTerm(loss, pixel);
      squares += countOf(place) * (picture - t) ** 2;
      gradient[place] = (countOf(place) * lossDerivative(loss, pixel)) / (rows * count);
    }
    losses[row] = lossSum / count;
    squaredErrors[row] = squares / count;
  }
  return { gradient, losses, squaredErrors };
}
