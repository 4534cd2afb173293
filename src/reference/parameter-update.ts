import { at } from "./elements.ts";
import { descend, type LayerMoments, type OptimizerStep } from "./optimizer.ts";

/** Updates parameters and their running means with a gradient that is the sum of parts, [splits, parameters]. */
export function parameterUpdate(
  parameters: Float64Array,
  moments: LayerMoments["weight"],
  parts: ArrayLike<number>,
  step: OptimizerStep,
): void {
  const gradient = new Float64Array(parameters.length);
  for (let place = 0; place < parts.length; place++) {
    const k = place % parameters.length;
    gradient[k] = at(gradient, k) + at(parts, place);
  }
  const none = { weight: new Float64Array(), bias: new Float64Array() };
  const noMoments = { squares: new Float64Array(), others: new Float64Array() };
  descend(
    { ...none, weight: parameters },
    { weight: moments, bias: noMoments },
    { ...none, weight: gradient },
    step,
  );
}
