import { InputError } from "../spec/input-error.ts";
import { multiplyAdds, type NetworkSpec, networkName, parameterCount } from "../spec/network.ts";

/** Weights that a network may have on the CPU; training keeps four numbers of 8 bytes for each: 1 GiB. */
const maxWeights = 2 ** 25;

/** Products that a portion of rows should have in one direction: some milliseconds. */
const portionProducts = 2 ** 22;

/** Throws an InputError when a network is larger than what a browser's tab lets the CPU keep. */
export function checkFitsCpu(network: NetworkSpec): void {
  const weights = parameterCount(network);
  if (weights <= maxWeights) return;
  throw new InputError(
    `The network ${networkName(network)} has ${weights} weights, but the CPU takes at most ${maxWeights}: choose fewer or narrower layers.`,
  );
}

/**
 * Rows that go through a network on the CPU at a time. They depend on the network alone, since they decide in which order
 * sums are added up: the same run gives the same bits, however often it pauses.
 */
export function portionRows(network: NetworkSpec): number {
  return Math.max(8, Math.min(128, Math.floor(portionProducts / multiplyAdds(network))));
}
