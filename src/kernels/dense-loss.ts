import tile8 from "../../shaders/dense_loss.tile8.wgsl";
import tile16 from "../../shaders/dense_loss.tile16.wgsl";
import workgroup from "../../shaders/dense_loss.workgroup.wgsl";
import { defineFamilies } from "./family.ts";

/** The last dense layer with the loss and its gradient. */
export const denseLoss = defineFamilies(
  "dense_loss",
  "columns and rows",
  {
    layer: "uniform",
    sweep: "uniform",
    parameters: "read",
    activations: "read",
    cleanBatch: "read",
    cursor: "readWrite",
    gradients: "readWrite",
    partials: "readWrite",
  },
  { tile8, tile16, workgroup },
);
