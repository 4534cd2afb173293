// Shared by the forward passes: a job's block of logits, 32 rows of the batch by 32 outputs.
import { Layer, quadAt } from "./layer";
import { blockSide, productOfRows } from "./product";
import { quads } from "./rows";

// Per thread, for the job in progress: its rows and its quads of outputs.
export let row: u32 = 0;
export let rows: u32 = 0;
export let column: u32 = 0;
export let columns: u32 = 0;

/** Sets the block to X W^T for a job, and the variables above to its position. */
export function denseProduct(job: u32, across: u32, layer: Layer, parameters: usize, activations: usize): void {
  const steps = quads(layer.inputs);
  const quad = blockSide / 4;
  row = (job / across) * blockSide;
  column = (job % across) * quad;
  rows = min(blockSide, 4 * layer.rowQuads - row);
  columns = min(quad, quads(layer.outputs) - column);
  const x = quadAt(activations, layer.inputOffset + row * steps);
  const w = quadAt(parameters, layer.weightOffset + 4 * column * steps);
  productOfRows(x, w, steps, rows, 4 * columns);
}
