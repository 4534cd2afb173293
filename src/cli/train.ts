import { rmdir } from "node:fs/promises";
import { historyCsv, historyJson } from "../formats/history.ts";
import { lossChart } from "../formats/loss-chart.ts";
import { encodeModel } from "../formats/model-file.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { Profiler } from "../gpu/profiler.ts";
import { networkName } from "../spec/network.ts";
import type { EpochRecord } from "../training/history.ts";
import { checkRun, type RunData } from "../training/run-data.ts";
import { Trainer } from "../training/trainer.ts";
import { type Interruption, onInterrupt } from "./interruption.ts";
import { kernelMemory } from "./kernel-memory.ts";
import { openNodeGpu } from "./node-gpu.ts";
import { noisyPsnr } from "./noisy-psnr.ts";
import { newRunFolder, type OutputFiles, prepareFolder, writeFiles } from "./output-files.ts";
import { userPath } from "./paths.ts";
import { profileTable } from "./profile.ts";
import { type ProgressDisplay, progressDisplay } from "./progress.ts";
import { runSettings } from "./run-settings.ts";
import { samplesPng } from "./samples.ts";
import { decibels, duration, facts } from "./text.ts";
import { loadInitialWeights, loadTrainingData } from "./train-inputs.ts";
import { type TrainOptions, trainingSpec } from "./train-options.ts";
import { packageVersion } from "./version.ts";

const outputNames = ["model.safetensors", "history.json", "history.csv", "loss.svg", "samples.png"] as const;
const profileName = "profile.json";

/** The epochs that were done, and the losses of their steps. */
interface Recorded {
  readonly epochs: EpochRecord[];
  readonly stepLoss: number[];
}

/**
 * `unsnow train`: reads and checks everything, trains, and writes the results; says whether Ctrl-C cut it short.
 * Throws an InputError, a GpuError or a DivergenceError, and then no file of an earlier run is touched.
 */
export async function train(options: TrainOptions): Promise<{ readonly interrupted: boolean }> {
  const tell = options.quiet ? () => {} : (line: string) => console.error(line);
  const data = await loadTrainingData(options);
  const spec = trainingSpec(options);
  const network = checkRun(spec, data);
  const initial = options.init === undefined ? undefined : await loadInitialWeights(options.init, network);

  const { gpu, remark } = await openNodeGpu();
  let profiler: Profiler | undefined;
  let trainer: Trainer | undefined;
  /** A folder that was made for this run and has nothing in it yet. */
  let emptyFolder: string | undefined;
  const interruption = onInterrupt(() =>
    // On a terminal, below the line that the bar is on.
    tell(
      `${process.stderr.isTTY ? "\n" : ""}Stopping after the steps under way; Ctrl-C once more ends at once.`,
    ),
  );
  try {
    if (remark) tell(remark);
    profiler = options.profile ? Profiler.create(gpu) : undefined;
    if (options.profile && !profiler) {
      tell(`${gpu.adapter.name} has no timestamp queries, so nothing is profiled.`);
    }
    trainer = await Trainer.create(gpu, spec, data, {
      profiler,
      family: options.kernels,
      memory: kernelMemory,
      ...(initial && { initial }),
    });
    const folder = options.out ?? (await newRunFolder());
    emptyFolder = options.out === undefined ? folder : undefined;
    await prepareFolder(folder, [...outputNames, ...(profiler ? [profileName] : [])]);

    const display = progressDisplay(options.quiet ?? false, spec.epochs, trainer.imageCounts.train);
    const recorded = await runEpochs(trainer, display, interruption);
    const { epoch, step } = trainer.progress;
    const interrupted = epoch < spec.epochs;
    if (interrupted && epoch === 0 && step === 0) {
      tell("Stopped before the first step, so nothing was written.");
      return { interrupted };
    }

    emptyFolder = undefined;
    await writeFiles(folder, await outputFiles(gpu, trainer, data, options, recorded, profiler));
    if (!options.quiet) {
      if (interrupted) {
        const steps = step > 0 ? `, and ${step} steps into the next` : "";
        console.log(`Stopped after ${epoch} of ${spec.epochs} epochs${steps}.`);
      }
      console.log(await summary(gpu, trainer, recorded.epochs, folder));
      if (profiler) console.log(`\n${profileTable(profiler.table())}`);
    }
    return { interrupted };
  } finally {
    interruption.dispose();
    if (emptyFolder !== undefined) await rmdir(userPath(emptyFolder)).catch(() => {});
    trainer?.destroy();
    profiler?.destroy();
    gpu.destroy();
  }
}

async function runEpochs(
  trainer: Trainer,
  display: ProgressDisplay,
  { signal }: Interruption,
): Promise<Recorded> {
  const recorded: Recorded = { epochs: [], stepLoss: [] };
  try {
    for await (const { record, stepLosses } of trainer.epochs(signal, (progress) =>
      display.advance(progress),
    )) {
      recorded.epochs.push(record);
      for (const loss of stepLosses) recorded.stepLoss.push(loss);
      display.epochDone(record);
    }
  } finally {
    display.stop();
  }
  return recorded;
}

async function outputFiles(
  gpu: Gpu,
  trainer: Trainer,
  data: RunData,
  options: TrainOptions,
  { epochs, stepLoss }: Recorded,
  profiler: Profiler | undefined,
): Promise<OutputFiles> {
  const { spec, network } = trainer;
  const { adapter } = gpu;
  const settings = runSettings(options, spec, { version: packageVersion(), kernels: trainer.family });
  const history = { settings, adapter, epochs, ...(options.logSteps && { stepLoss }) };
  const files: Record<(typeof outputNames)[number], string | Uint8Array> = {
    "model.safetensors": encodeModel(await trainer.weights(), spec),
    "history.json": historyJson(history),
    "history.csv": historyCsv(epochs),
    "loss.svg": lossChart(epochs, { title: `${networkName(network)}, ${options.data}`, loss: spec.loss }),
    "samples.png": await samplesPng(trainer, labelsOf(data)),
  };
  const profile = { adapter, kernels: profiler?.table() };
  return new Map([
    ...Object.entries(files),
    ...(profiler ? [[profileName, `${JSON.stringify(profile, undefined, 1)}\n`] as const] : []),
  ]);
}

function labelsOf({ validation }: RunData): Uint8Array | undefined {
  return "labels" in validation ? validation.labels : undefined;
}

/** Above this the noisy images differ from the clean ones by no more than float32 rounds. */
const noiselessDecibels = 120;

function noisyText(psnr: number): string {
  return psnr > noiselessDecibels ? "without noise to begin with" : `${decibels(psnr)} noisy`;
}

async function summary(
  gpu: Gpu,
  trainer: Trainer,
  epochs: readonly EpochRecord[],
  folder: string,
): Promise<string> {
  const loss = trainer.spec.loss.toUpperCase();
  const last = epochs.at(-1);
  const results: [string, string][] = last
    ? [
        ["training loss", `${last.loss.toFixed(6)} ${loss}`],
        ["validation loss", `${last.valLoss.toFixed(6)} ${loss}`],
        ["validation PSNR", `${decibels(last.valPsnr)} denoised, ${noisyText(await noisyPsnr(trainer))}`],
      ]
    : [];
  const seconds = epochs.reduce((sum, record) => sum + record.seconds, 0);
  return facts([
    ["network", networkName(trainer.network)],
    ...results,
    ["training time", `${duration(seconds)}, epochs: ${epochs.length}`],
    ["adapter", gpu.adapter.name],
    ["kernels", trainer.family],
    ["results in", folder],
  ]);
}
