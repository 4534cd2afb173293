import { isAbsolute, join } from "node:path";
import { parseRange, rangeText } from "../data/sample-range.ts";
import type { ParsedCheckpoint } from "../formats/checkpoint.ts";
import { JsonFields } from "../formats/json-fields.ts";
import { isJsonObject } from "../formats/strict-json.ts";
import { trainingSettings } from "../formats/training-settings.ts";
import { InputError } from "../spec/input-error.ts";
import { quote } from "../spec/quote.ts";
import { tableToJson } from "../spec/setting-kinds.ts";
import { settings, type TrainingSpec } from "../spec/settings.ts";
import { type ComputeChoice, readChoice } from "./compute.ts";
import { embeddedDigits } from "./input-files.ts";
import type { StartFolder } from "./io.ts";
import type { TrainOptions } from "./train-options.ts";

/** Options that may be changed when a run is resumed. */
const free = new Set<string>(["resume", "every", "out", "quiet", "profile", "epochs", "backend", "threads"]);

/** The options with the paths of its images, which may have been moved. */
const files = ["data", "labels", "valData", "noisy", "valNoisy"] as const;

/** The most characters of a path. */
const longestPath = 4096;

/** The program's own settings of a run, which are saved with the run's settings. */
export interface ProgramSettings {
  /** The folder that relative file names start from. */
  readonly folder: string;
  readonly out: string;
  readonly every: number;
  /** The requested backend: another one would change the bits. */
  readonly backend: ComputeChoice;
}

/** The key of ProgramSettings in a checkpoint's settings. */
const programKey = "program";

/** The settings of a checkpoint. */
export function savedSettings(settings: ParsedCheckpoint["settings"], program: ProgramSettings) {
  return { ...settings, [programKey]: program };
}

/**
 * The options and the spec of a run that is resumed from a checkpoint in `folder`. `given` are the options of this command
 * line. Throws an InputError for an option that contradicts the run.
 */
export function resumedRun(
  start: StartFolder,
  checkpoint: ParsedCheckpoint,
  folder: string,
  options: TrainOptions,
  given: readonly string[],
): { readonly options: TrainOptions; readonly spec: TrainingSpec } {
  const { settings, spec, family, stepLoss } = checkpoint;
  // Settings that were added after the run was saved have their defaults.
  const run = {
    ...{ ...trainingSettings(spec), ...settings, logSteps: stepLoss !== undefined },
    // A run that was saved on the CPU may use any kernels on a GPU.
    kernels: family ?? options.kernels,
  };
  checkGiven(run, folder, options, given);
  const fields = new JsonFields(settings, `The run in ${folder}`);
  const own = settings[programKey];
  const program = new JsonFields(isJsonObject(own) ? own : {}, `The run in ${folder}`);
  const before = program.text("folder", longestPath);

  const saved = (key: string) => fields.optional(key, (name) => fields.text(name, longestPath));
  const place = (name: string) =>
    name === embeddedDigits || isAbsolute(name) || before === start.folder ? name : join(before, name);
  const names: Record<string, string> = {};
  for (const key of files) {
    const name = given.includes(key) ? options[key] : saved(key);
    if (name !== undefined) names[key] = given.includes(key) ? name : place(name);
  }
  const init = saved("init");
  const range = saved("range");
  // Checkpoints of earlier versions do not have it.
  const backend = program.optional("backend", (key) => program.read(key, 16, readChoice)) ?? "auto";
  const out = given.includes("out") ? options.out : place(program.text("out", longestPath));
  return {
    options: {
      ...options,
      ...names,
      ...(spec.patches && { patch: spec.patches.side }),
      colour: settings.colour === true,
      ...(init !== undefined && { init }),
      ...(range !== undefined && { range: parseRange(range) }),
      ...(out !== undefined && { out }),
      ...(!given.includes("backend") && { backend }),
      ...(family && { kernels: family }),
      logSteps: stepLoss !== undefined,
      every: options.every ?? program.integer("every", 1, Number.MAX_SAFE_INTEGER),
    },
    spec: {
      ...spec,
      epochs: given.includes("epochs")
        ? moreEpochs(spec, options.epochs ?? spec.epochs, folder)
        : spec.epochs,
    },
  };
}

function moreEpochs({ epochs, schedule }: TrainingSpec, wanted: number, folder: string): number {
  if (wanted < epochs) {
    throw new InputError(
      `The run in ${folder} has ${epochs} epochs, which cannot become ${wanted}: give ${epochs} or more, or leave --epochs out.`,
    );
  }
  if (wanted > epochs && schedule.kind === "cosine") {
    throw new InputError(
      `The run in ${folder} lowers its learning rate to 0 over ${epochs} epochs (cosine), which cannot become ${wanted}.`,
    );
  }
  return wanted;
}

/** Throws an InputError for an option that contradicts the run. */
function checkGiven(
  run: Readonly<Record<string, unknown>>,
  folder: string,
  options: TrainOptions,
  given: readonly string[],
): void {
  const { range } = options;
  const values: Record<string, unknown> = {
    ...options,
    ...tableToJson(settings, options),
    ...(range && { range: range === "auto" ? range : rangeText(range) }),
  };
  for (const key of given) {
    if (free.has(key) || files.some((file) => file === key)) continue;
    const [value, saved] = [values[key], run[key] ?? false];
    if (JSON.stringify(value) === JSON.stringify(saved)) continue;
    const name = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const option =
      typeof value === "boolean" ? `--${value ? "" : "no-"}${name}` : `--${name} ${String(value)}`;
    const has = typeof saved === "boolean" ? "" : `, whose ${name} is ${shown(saved)}`;
    throw new InputError(`${option} contradicts the run in ${folder}${has}: leave it out.`);
  }
}

/** A value of a checkpoint in the form of the option: texts unchanged, lists with commas. */
function shown(value: unknown): string {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.map(shown).join(",") : quote(value);
}
