import { autoencoder, networkName } from "../../spec/network.ts";
import {
  defaultOptimizers,
  type OptimizerSetting,
  optimizerNames,
  optimizerNumbers,
  optimizerSettingNames,
  optimizerSettings,
} from "../../spec/optimizer.ts";
import { mapTable } from "../../spec/setting-kinds.ts";
import { defaultTraining, type FlatSettings, flatSettings, settings } from "../../spec/settings.ts";
import { formatCount } from "../shared/format.ts";
import { type KeptRun, tidyName } from "./run-record.ts";

/** The part of a run that the user chooses. */
type SetRun = Pick<KeptRun, "spec" | "images">;

/** One setting of a run, in words. */
interface RunSetting {
  readonly title: string;
  /** The setting's text; undefined if the run has no such setting. */
  readonly of: (run: SetRun) => string | undefined;
  /** The text in a run's name; undefined if the name contains it anyway. */
  readonly brief?: ((text: string) => string) | undefined;
}

/** The page's words for settings whose words in the table are different. */
const pageWords: {
  readonly [K in keyof FlatSettings]?: Partial<Omit<RunSetting, "of">> & {
    readonly format?: (value: FlatSettings[K]) => string;
  };
} = {
  fixedNoise: {
    title: "Fresh noise each epoch",
    format: (fixed) => (fixed ? "off" : "on"),
    brief: (text) => `fresh noise ${text}`,
  },
  hidden: { format: (hidden) => settings.hidden.format(hidden).replaceAll(",", ", "), brief: undefined },
  mask: { brief: (text) => `mask ${text}` },
  epochs: { format: formatCount, brief: (text) => `${text} ${text === "1" ? "epoch" : "epochs"}` },
  batch: { format: formatCount },
};

/** Every setting, in the order of the table. */
const runSettings: readonly RunSetting[] = [
  { title: "Images", of: ({ images }) => imagesText(images) },
  ...mapTable(settings, (key, { kind, title, format }): RunSetting[] => {
    const words = pageWords[key];
    // Names and texts are clear without the setting's title.
    const brief = (text: string) =>
      kind === "name" || kind === "text" ? text : `${title.toLowerCase()} ${text}`;
    const setting = {
      title,
      brief,
      ...words,
      of: ({ spec }: SetRun) => (words?.format ?? format)(flatSettings(spec)[key]),
    };
    return key === "optimizer" ? [setting, ...optimizerSettingNames.map(numberSetting)] : [setting];
  }).flat(),
];

/** A number that some optimizers have. */
function numberSetting(key: OptimizerSetting): RunSetting {
  const all = optimizerNames.flatMap(optimizerSettings);
  const title = all.find(([name]) => name === key)?.[1].title ?? key;
  return {
    title,
    of: ({ spec }) => optimizerNumbers(spec.optimizer)[key]?.toString(),
    brief: key === "lr" ? (text) => `${title.toLowerCase()} ${text}` : undefined,
  };
}

/** A setting that not all of some runs share. */
export interface DifferingSetting {
  readonly title: string;
  /** One value per run, in the runs' order; undefined if a run has no such setting. */
  readonly values: readonly (string | undefined)[];
}

/** The settings that differ among runs. */
export function differingSettings(runs: readonly SetRun[]): DifferingSetting[] {
  return runSettings
    .map(({ title, of }) => ({ title, values: runs.map(of) }))
    .filter(({ values }) => new Set(values).size > 1);
}

/**
 * The differences of a run from the default one of its optimizer, in short, without network and images: ["adam", "seed 7"].
 */
function differencesFromDefault(run: SetRun): string[] {
  const usual = { ...run, spec: defaultTraining };
  const { name } = run.spec.optimizer;
  const usualOfOptimizer = { ...run, spec: { ...defaultTraining, optimizer: defaultOptimizers[name] } };
  return runSettings.flatMap(({ title, of, brief }) => {
    const text = of(run);
    const other = text !== of(title === "Optimizer" ? usual : usualOfOptimizer);
    return brief && text !== undefined && other ? [brief(text)] : [];
  });
}

/** "8,000 digits, 28 × 28 pixels"; for the user's own images, the files too. */
export function imagesText({ files, twins, rows, columns, trainingImages }: SetRun["images"]): string {
  const what = files.length === 0 ? "digits" : `images from ${files.join(", ")}`;
  const noisy = twins ? ` with noisy twins from ${twins.join(", ")}` : "";
  return `${formatCount(trainingImages)} ${what}${noisy}, ${columns} × ${rows} pixels`;
}

/** The maximum number of differences from the default run that a generated name lists. */
const differencesTold = 3;

/** "784-32-784, adam, seed 7": the network, and the differences from the default run. */
export function madeUpName(run: SetRun): string {
  const { images, spec } = run;
  const network = networkName(autoencoder([images.rows, images.columns], spec.hidden));
  return tidyName([network, ...differencesFromDefault(run).slice(0, differencesTold)].join(", "));
}
