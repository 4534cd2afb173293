import type { Engine, EngineTrainer } from "../engine/engine.ts";
import { historyCsv, historyJson } from "../formats/history.ts";
import { lossChart } from "../formats/loss-chart.ts";
import { encodeModel } from "../formats/model-file.ts";
import { networkName } from "../spec/network.ts";
import { formatOf, type RunData } from "../training/run-data.ts";
import type { Recorded } from "./checkpointer.ts";
import { noisyPsnr } from "./noisy-psnr.ts";
import type { OutputFiles } from "./output-files.ts";
import { runSettings } from "./run-settings.ts";
import { samplesPng } from "./samples.ts";
import { decibels, duration, facts } from "./text.ts";
import type { TrainOptions } from "./train-options.ts";
import { packageVersion } from "./version.ts";

const names = ["model.safetensors", "history.json", "history.csv", "loss.svg", "samples.png"] as const;
const profileName = "profile.json";

/** The files that a run writes. */
export function resultNames(profiled: boolean): readonly string[] {
  return profiled ? [...names, profileName] : names;
}

/** The result files for the current state of a run. */
export async function resultFiles(
  trainer: EngineTrainer,
  { backend, adapter }: Pick<Engine, "backend" | "adapter">,
  data: RunData,
  options: TrainOptions,
  { epochs, stepLoss }: Recorded,
): Promise<OutputFiles> {
  const { spec, network, profiler } = trainer;
  const settings = runSettings(options, spec, { version: packageVersion(), kernels: trainer.family });
  const history = { settings, backend, adapter, epochs, ...(options.logSteps && { stepLoss }) };
  const files: Record<(typeof names)[number], string | Uint8Array> = {
    "model.safetensors": encodeModel(await trainer.weights(), { ...spec, samples: formatOf(data) }),
    "history.json": historyJson(history),
    "history.csv": historyCsv(epochs),
    "loss.svg": lossChart(epochs, { title: `${networkName(network)}, ${options.data}`, loss: spec.loss }),
    "samples.png": await samplesPng(trainer, labelsOf(data)),
  };
  const profile = { backend, adapter, kernels: profiler?.table() };
  return new Map([
    ...Object.entries(files),
    ...(profiler ? [[profileName, `${JSON.stringify(profile, undefined, 1)}\n`] as const] : []),
  ]);
}

function labelsOf({ validation }: RunData): Uint8Array | undefined {
  return "labels" in validation ? validation.labels : undefined;
}

/** Above this PSNR, the noisy images differ from the clean ones only by the rounding of float32. */
const noiselessDecibels = 120;

/** What the PSNR compares; with clean images, also the PSNR of the noisy ones. */
async function comparedText(trainer: EngineTrainer): Promise<string> {
  if (trainer.spec.selfSupervised) return "from the blind spots' noisy values, since there are no clean ones";
  const psnr = await noisyPsnr(trainer);
  const noisy = psnr > noiselessDecibels ? "without noise in the input" : `${decibels(psnr)} noisy`;
  return `denoised, ${noisy}`;
}

/** The results of a run as lines for the terminal. */
export async function resultSummary(
  trainer: EngineTrainer,
  { adapter }: Pick<Engine, "adapter">,
  { epochs }: Recorded,
  folder: string,
): Promise<string> {
  const loss = trainer.spec.loss.toUpperCase();
  const last = epochs.at(-1);
  const results: [string, string][] = last
    ? [
        ["training loss", `${last.loss.toFixed(6)} ${loss}`],
        ["validation loss", `${last.valLoss.toFixed(6)} ${loss}`],
        ["validation PSNR", `${decibels(last.valPsnr)} ${await comparedText(trainer)}`],
      ]
    : [];
  const seconds = epochs.reduce((sum, record) => sum + record.seconds, 0);
  return facts([
    ["network", networkName(trainer.network)],
    ...results,
    ["training time", `${duration(seconds)}, epochs: ${epochs.length}`],
    ["adapter", adapter.name],
    ...(trainer.family ? [["kernels", trainer.family] as const] : []),
    ["results in", folder],
  ]);
}
