import type { TrainingSpec } from "../../spec/training.ts";
import type { Backend, GoodPlace } from "../protocol.ts";

/** How a run can go on that has stopped. */
export interface Rescue {
  /** Its last good state. */
  readonly place: GoodPlace;
  readonly backend: Backend;
  readonly spec: TrainingSpec;
}

/** How much lower the learning rate becomes of a run that diverged, unless a person has lowered it. */
const lowering = 10;

/** The settings for a run that diverged: those of the optimizer in the form if its rate is lower there, else a tenth of the rate. */
export function calmerSpec(spec: TrainingSpec, form: TrainingSpec | undefined): TrainingSpec {
  const { optimizer } = spec;
  if (form?.optimizer.name === optimizer.name && form.optimizer.lr < optimizer.lr) {
    return { ...spec, optimizer: form.optimizer, schedule: form.schedule };
  }
  return { ...spec, optimizer: { ...optimizer, lr: Number((optimizer.lr / lowering).toPrecision(6)) } };
}
