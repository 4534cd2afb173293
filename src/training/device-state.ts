import type { Device } from "../device/device.ts";
import { DeviceError } from "../device/device-error.ts";
import { readBack } from "../device/read-back.ts";
import { noTrouble } from "../kernels/sweep.ts";
import { type NetworkLayout, packParameters, unpackParameters } from "../math/layout.ts";
import { DivergenceError } from "./divergence-error.ts";
import type { RunResources } from "./run-resources.ts";
import { isFiniteState, type RunExtent, type RunState, visitedAfter } from "./run-state.ts";

/** The position in a run, as counted by the host. */
type Place = Pick<RunState, "epoch" | "step" | "seconds">;

/**
 * Reads a run's state from the device, which must have no work in progress. Throws a DivergenceError if a number is
 * not finite.
 */
export async function readRunState(
  device: Device,
  { buffers, training, validation }: RunResources,
  place: Place,
  extent: RunExtent,
): Promise<RunState> {
  const { layout, parameters } = buffers.network;
  const visited = visitedAfter(place.step, extent);
  const parameterBytes = 16 * layout.parameterQuads;
  const [weightBytes, momentBytes, trained, validated, cursor] = await readBack(device, [
    { buffer: parameters, bytes: parameterBytes },
    { buffer: buffers.moments, bytes: 2 * parameterBytes },
    training.sweep.metricsRegion(0, visited.training),
    validation.sweep.metricsRegion(0, visited.validation),
    training.sweep.cursorRegion,
  ]);
  const state: RunState = {
    ...place,
    weights: unpackParameters(layout, new Float32Array(weightBytes)).layers,
    moments: unpackMoments(layout, new Float32Array(momentBytes)),
    metrics: { training: new Float32Array(trained), validation: new Float32Array(validated) },
  };
  const trouble = firstTrouble(device, cursor);
  const step = Math.min(place.step, training.sweep.steps);
  if (trouble !== noTrouble || !isFiniteState(state)) {
    throw new DivergenceError(place.epoch + 1, Math.min(trouble + 1, Math.max(1, step)));
  }
  return state;
}

/**
 * Writes a state that `checkRunState` accepts to the device, except for the sweeps' positions, which startEpoch sets.
 */
export function writeRunState(
  device: Device,
  { buffers, training, validation }: RunResources,
  { weights, moments, metrics }: RunState,
): void {
  const { layout } = buffers.network;
  buffers.network.write(weights);
  device.write(buffers.moments, 0, packMoments(layout, moments));
  device.write(training.sweep.metrics, 0, metrics.training);
  device.write(validation.sweep.metrics, 0, metrics.validation);
}

/**
 * The first step of the sweep with a number that was not finite, or noTrouble, from a `struct Cursor` that was read
 * back. Throws a DeviceError for zeros: no cursor is all zeros, but a lost device may return them.
 */
export function firstTrouble({ backend }: Pick<Device, "backend">, cursor: ArrayBuffer): number {
  const [next, , trouble] = new Uint32Array(cursor);
  if (trouble === undefined || (next === 0 && trouble === 0)) {
    throw new DeviceError(`The results of the ${backend.toUpperCase()} are invalid.`, "lost");
  }
  return trouble;
}

/** In `moments` on the device, quads of squares and of others alternate. */
function unpackMoments(layout: NetworkLayout, packed: Float32Array): RunState["moments"] {
  const part = (which: 0 | 1) => {
    const numbers = new Float32Array(packed.length / 2);
    for (let i = 0; i < numbers.length; i++) {
      numbers[i] = packed[8 * (i >> 2) + 4 * which + (i & 3)] ?? Number.NaN;
    }
    return unpackParameters(layout, numbers).layers;
  };
  return { squares: part(0), others: part(1) };
}

/** The inverse of unpackMoments. */
function packMoments(
  layout: NetworkLayout,
  { squares, others }: RunState["moments"],
): Float32Array<ArrayBuffer> {
  const packed = new Float32Array(8 * layout.parameterQuads);
  [squares, others].forEach((layers, which) => {
    packParameters(layout, layers).forEach((number, i) => {
      packed[8 * (i >> 2) + 4 * which + (i & 3)] = number;
    });
  });
  return packed;
}
