import tile8 from "../../shaders/adadelta_update.tile8.wgsl";
import tile16 from "../../shaders/adadelta_update.tile16.wgsl";
import workgroup from "../../shaders/adadelta_update.workgroup.wgsl";
import { defineFamilies } from "./family.ts";

/** Ends a training step: every weight's gradient and Adadelta's update of it. */
export const adadeltaUpdate = defineFamilies(
  "adadelta_update",
  "line",
  {
    layers: "uniform",
    sweep: "uniform",
    adadelta: "uniform",
    activations: "read",
    gradients: "read",
    partials: "read",
    parameters: "readWrite",
    squaredGradients: "readWrite",
    squaredUpdates: "readWrite",
    metrics: "readWrite",
    cursor: "readWrite",
  },
  { tile8, tile16, workgroup },
);
