import tile8 from "../../shaders/dense_forward.tile8.wgsl";
import tile16 from "../../shaders/dense_forward.tile16.wgsl";
import workgroup from "../../shaders/dense_forward.workgroup.wgsl";
import { defineFamilies } from "./family.ts";

/** A dense layer, forward. */
export const denseForward = defineFamilies(
  "dense_forward",
  "columns and rows",
  {
    layer: "uniform",
    parameters: "read",
    activations: "readWrite",
  },
  { tile8, tile16, workgroup },
);
