import fc from "fast-check";
import { spotAlone } from "../../../src/spec/blind-spots.ts";
import { outputNames } from "../../../src/spec/layer-specs.ts";
import { denseLayers } from "../../../src/spec/layers.ts";
import { noiseKindNames, noiseKinds } from "../../../src/spec/noise-kinds.ts";
import { initializationNames, type TrainingSpec } from "../../../src/spec/settings.ts";

/** A number that a setting can have, except negative zero, whose text is that of zero. */
function numbers(min: number, max: number): fc.Arbitrary<number> {
  return fc.double({ min, max, noNaN: true }).map((value) => value + 0);
}

const stages = fc.constantFrom(...noiseKindNames).chain((kind) => {
  const { min, max } = noiseKinds[kind];
  const setting = numbers(min, max);
  const range = fc
    .tuple(setting, setting)
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => (a < b ? ([a, b] as const) : ([b, a] as const)));
  const powers = fc.integer({ min: -4, max: 4 }).filter((power) => power !== 0);
  const powered = fc
    .tuple(range, powers)
    .map(([[low, high], power]) => [power < 0 ? Math.max(low, high / 1e5) : low, high, power] as const);
  return fc.record({ kind: fc.constant(kind), setting: fc.oneof(setting, range, powered) });
});

const noises = fc
  .record({ stages: fc.array(stages, { minLength: 1, maxLength: 4 }), clip: fc.boolean() })
  .filter((noise) => noise.stages.slice(1).every(({ kind }) => kind !== "blur"));

const rates = numbers(0, 1000);
const shares = numbers(0, 0.9999999);
const epsilons = numbers(1e-30, 1);

const optimizers = fc.oneof(
  fc.record({ name: fc.constant("adadelta" as const), lr: rates, rho: shares, epsilon: epsilons }),
  fc.record({
    name: fc.constant("adam" as const),
    lr: rates,
    beta1: shares,
    beta2: shares,
    epsilon: epsilons,
  }),
);

const schedules = fc.oneof(
  fc.constantFrom({ kind: "constant" as const }, { kind: "cosine" as const }),
  fc.record({
    kind: fc.constant("step" as const),
    epochs: fc.integer({ min: 1, max: 1_000_000 }),
    factor: numbers(0, 1),
  }),
);

const losses = fc.oneof(
  fc.constant({ loss: "bce" as const, output: "sigmoid" as const }),
  fc.record({ loss: fc.constant("mse" as const), output: fc.constantFrom(...outputNames) }),
);

/**
 * The same run. If its initialization passes on all values, its layers are wide enough for an image of this many values.
 */
export function wideEnough<Spec extends Pick<TrainingSpec, "hidden" | "initialization">>(
  spec: Spec,
  values: number,
): Spec {
  if (spec.initialization !== "identity") return spec;
  return {
    ...spec,
    hidden: spec.hidden.map((layer) =>
      layer.kind === "dense" ? { ...layer, width: Math.max(values, layer.width) } : layer,
    ),
  };
}

/** Any run that the page can offer. */
export const trainings: fc.Arbitrary<TrainingSpec> = fc
  .record({
    hidden: fc
      .array(fc.integer({ min: 1, max: 65_536 }), { minLength: 1, maxLength: 15 })
      .map((widths) => denseLayers(...widths)),
    block: fc.constant(1),
    noiseMap: fc.constant(false),
    initialization: fc.constantFrom(...initializationNames),
    centre: fc.boolean(),
    noise: noises,
    noise2noise: fc.constant(false),
    selfSupervised: fc.constant(false),
    mask: fc.constant(spotAlone),
    shift: fc.integer({ min: 0, max: 16 }),
    fixedNoise: fc.boolean(),
    epochs: fc.integer({ min: 1, max: 1_000_000 }),
    batch: fc.integer({ min: 1, max: 65_536 }),
    shuffle: fc.boolean(),
    optimizer: optimizers,
    schedule: schedules,
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  })
  .map((spec) => wideEnough(spec, 28 * 28))
  .chain((spec) => losses.map((loss) => ({ ...spec, ...loss })));
