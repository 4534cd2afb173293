import tile8 from "../../shaders/weight_update.tile8.wgsl";
import tile16 from "../../shaders/weight_update.tile16.wgsl";
import workgroup from "../../shaders/weight_update.workgroup.wgsl";
import { defineFamilies } from "./family.ts";

/** Ends a training step: every weight's gradient and the optimizer's update of it. */
export const weightUpdate = defineFamilies(
  "weight_update",
  "line",
  {
    layers: "uniform",
    sweep: "uniform",
    optimizer: "uniform",
    activations: "read",
    gradients: "read",
    partials: "read",
    rates: "read",
    parameters: "readWrite",
    moments: "readWrite",
    metrics: "readWrite",
    cursor: "readWrite",
  },
  { tile8, tile16, workgroup },
);
