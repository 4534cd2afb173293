import { foldCentre } from "../network/centre.ts";
import { initialWeights } from "../network/initial-weights.ts";
import type { LayerWeights, NetworkSpec } from "../spec/network.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import { inputCentre } from "../spec/training.ts";

/** The initial weights of a run: those of a model, which takes pictures that are not centred, or random ones from the seed. */
export function startingWeights(
  network: NetworkSpec,
  spec: TrainingSpec,
  initial?: readonly LayerWeights[],
): readonly LayerWeights[] {
  return initial
    ? foldCentre(initial, -inputCentre(spec))
    : initialWeights(network, spec.seed, spec.initialization, inputCentre(spec));
}
