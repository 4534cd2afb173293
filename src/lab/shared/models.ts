import { formatLayers } from "../../spec/layer-text.ts";
import { hiddenOf, isConvolutional, type NetworkSpec, networkName } from "../../spec/network.ts";
import type { Progress } from "../../training/trainer.ts";
import { formatCount } from "./format.ts";
import { counter } from "./scheduling.ts";

/** Whether a file is a model, by its name. */
export function isModelFile({ name }: File): boolean {
  return /\.safetensors$/i.test(name);
}

/** A number for a model file that no other has. */
export const nextModelFile = counter();

/** "the run after 3 epochs and 12 steps" */
export function whereRunStood(progress: Progress | undefined): string {
  const { epoch = 0, step = 0 } = progress ?? {};
  const parts = [
    ...(epoch > 0 ? [counted(epoch, "epoch")] : []),
    ...(step > 0 ? [counted(step, "step")] : []),
  ];
  return parts.length === 0 ? "the untrained run" : `the run after ${parts.join(" and ")}`;
}

function counted(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? "" : "s"}`;
}

/** "784-32-784 on windows of 28 × 28 grey pixels", or "conv:32x7 on grey pictures of any size" */
export function networkWords(network: NetworkSpec): string {
  const [rows, columns] = network.image;
  const colours = network.channels === 1 ? "grey" : "colour";
  if (isConvolutional(network)) return `${layersOf(network)} on ${colours} pictures of any size`;
  return `${networkName(network)} on windows of ${columns} × ${rows} ${colours} pixels`;
}

/** A longer text of layers would fill lines. */
const mostLetters = 40;

/** "784-32-784", "conv:32x7", or "13 convolutions" */
export function layersOf(network: NetworkSpec): string {
  if (!isConvolutional(network)) return networkName(network);
  const text = formatLayers(hiddenOf(network));
  return text.length <= mostLetters ? text : `${network.layers.length} convolutions`;
}
