import { convForward } from "./conv-forward.ts";
import { type ConvLayer, sizeOf } from "./conv-layer.ts";
import { type OutputLoss, type OutputTask, outputLoss } from "./dense-loss.ts";

/** The last convolution with input x, and its loss. */
export function convLoss(layer: ConvLayer, x: ArrayLike<number>, task: OutputTask): OutputLoss {
  return outputLoss(convForward(layer, x, "linear"), sizeOf(layer.small), task);
}
