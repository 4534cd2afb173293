import tile8 from "../../shaders/dense_backward.tile8.wgsl";
import tile16 from "../../shaders/dense_backward.tile16.wgsl";
import workgroup from "../../shaders/dense_backward.workgroup.wgsl";
import { defineFamilies } from "./family.ts";

/** A dense layer, backward: the gradient by its input. */
export const denseBackward = defineFamilies(
  "dense_backward",
  "columns and rows",
  {
    layer: "uniform",
    parameters: "read",
    activations: "read",
    gradients: "readWrite",
  },
  { tile8, tile16, workgroup },
);
