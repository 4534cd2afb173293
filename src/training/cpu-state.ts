import type { NetworkInTraining } from "../reference/network-in-training.ts";
import type { RunNumbers, RunState } from "./run-state.ts";

/** What a state keeps of a network that learns. */
type LearnerState = Pick<RunState, "weights" | "moments">;

/** Copies the weights and the optimizer's running means, in float64. */
export function readCpuState(learner: NetworkInTraining): LearnerState {
  const part = (of: "squares" | "others") =>
    learner.moments.map(({ weight, bias }) => ({
      weight: Float64Array.from(weight[of]),
      bias: Float64Array.from(bias[of]),
    }));
  return {
    weights: learner.layers.map(({ weight, bias }) => ({
      weight: Float64Array.from(weight),
      bias: Float64Array.from(bias),
    })),
    moments: { squares: part("squares"), others: part("others") },
  };
}

/** Puts the numbers of a state that `checkRunState` lets pass in their places. */
export function writeCpuState(learner: NetworkInTraining, { weights, moments }: LearnerState): void {
  const put = (place: Float64Array | undefined, numbers: RunNumbers) => place?.set(numbers);
  weights.forEach(({ weight, bias }, index) => {
    put(learner.layers[index]?.weight, weight);
    put(learner.layers[index]?.bias, bias);
  });
  for (const part of ["squares", "others"] as const) {
    moments[part].forEach(({ weight, bias }, index) => {
      put(learner.moments[index]?.weight[part], weight);
      put(learner.moments[index]?.bias[part], bias);
    });
  }
}
