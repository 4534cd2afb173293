import { formatNoise } from "../../spec/noise-text.ts";
import { defaultOptimizers } from "../../spec/optimizer.ts";
import { formatSchedule } from "../../spec/schedule.ts";
import { defaultTraining } from "../../spec/training.ts";
import { formatCount } from "../shared/format.ts";
import type { KeptRun } from "./run-record.ts";

/** Of a run, what can be set. */
export type SetRun = Pick<KeptRun, "spec" | "images">;

/** One setting of a run, in words. */
interface RunSetting {
  readonly title: string;
  /** Undefined where the run has no such setting. */
  readonly of: (run: SetRun) => string | undefined;
  /** As it stands in a run's name; left out where the name has it anyway. */
  readonly brief?: (text: string) => string;
}

const onOff = (on: boolean) => (on ? "on" : "off");

/** Every setting, in the form's order. */
const settings: readonly RunSetting[] = [
  { title: "Images", of: ({ images }) => imagesText(images) },
  { title: "Noise", of: ({ spec }) => formatNoise(spec.noise), brief: (text) => text },
  {
    title: "Fresh noise each epoch",
    of: ({ spec }) => onOff(!spec.fixedNoise),
    brief: (text) => `fresh noise ${text}`,
  },
  { title: "Noise2Noise", of: ({ spec }) => onOff(spec.noise2noise), brief: (text) => `noise2noise ${text}` },
  { title: "Shift", of: ({ spec }) => String(spec.shift), brief: (text) => `shift ${text}` },
  { title: "Hidden layers", of: ({ spec }) => spec.hidden.join(", ") },
  { title: "Output", of: ({ spec }) => spec.output, brief: (text) => text },
  { title: "Initialization", of: ({ spec }) => spec.initialization, brief: (text) => text },
  { title: "Centred input", of: ({ spec }) => onOff(spec.centre), brief: (text) => `centred input ${text}` },
  { title: "Loss", of: ({ spec }) => spec.loss, brief: (text) => text },
  {
    title: "Epochs",
    of: ({ spec }) => formatCount(spec.epochs),
    brief: (text) => `${text} ${text === "1" ? "epoch" : "epochs"}`,
  },
  { title: "Batch", of: ({ spec }) => formatCount(spec.batch), brief: (text) => `batch ${text}` },
  { title: "Shuffle", of: ({ spec }) => onOff(spec.shuffle), brief: (text) => `shuffle ${text}` },
  { title: "Optimizer", of: ({ spec }) => spec.optimizer.name, brief: (text) => text },
  {
    title: "Learning rate",
    of: ({ spec }) => String(spec.optimizer.lr),
    brief: (text) => `learning rate ${text}`,
  },
  { title: "Rho", of: ({ spec }) => ("rho" in spec.optimizer ? String(spec.optimizer.rho) : undefined) },
  {
    title: "Beta 1",
    of: ({ spec }) => ("beta1" in spec.optimizer ? String(spec.optimizer.beta1) : undefined),
  },
  {
    title: "Beta 2",
    of: ({ spec }) => ("beta2" in spec.optimizer ? String(spec.optimizer.beta2) : undefined),
  },
  { title: "Epsilon", of: ({ spec }) => String(spec.optimizer.epsilon) },
  { title: "Schedule", of: ({ spec }) => formatSchedule(spec.schedule), brief: (text) => text },
  { title: "Seed", of: ({ spec }) => String(spec.seed), brief: (text) => `seed ${text}` },
];

/** A setting that not all of some runs share. */
export interface DifferingSetting {
  readonly title: string;
  /** One a run, in the runs' order; undefined where a run has no such setting. */
  readonly values: readonly (string | undefined)[];
}

/** The settings that differ among runs. */
export function differingSettings(runs: readonly SetRun[]): DifferingSetting[] {
  return settings
    .map(({ title, of }) => ({ title, values: runs.map(of) }))
    .filter(({ values }) => new Set(values).size > 1);
}

/** In short where a run differs from the default one of its optimizer, its network and the images aside: ["adam", "seed 7"]. */
export function differencesFromDefault(run: SetRun): string[] {
  const usual = { ...run, spec: defaultTraining };
  const { name } = run.spec.optimizer;
  const usualOfOptimizer = { ...run, spec: { ...defaultTraining, optimizer: defaultOptimizers[name] } };
  return settings.flatMap(({ title, of, brief }) => {
    const text = of(run);
    const other = text !== of(title === "Optimizer" ? usual : usualOfOptimizer);
    return brief && text !== undefined && other ? [brief(text)] : [];
  });
}

/** "8,000 digits, 28 × 28 pixels"; of a person's own, the files too. */
export function imagesText({ files, rows, columns, trainingImages }: SetRun["images"]): string {
  const what = files.length === 0 ? "digits" : `images from ${files.join(", ")}`;
  return `${formatCount(trainingImages)} ${what}, ${columns} × ${rows} pixels`;
}
