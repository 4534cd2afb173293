import { basename, dirname } from "node:path";
import { usualFilterPlace } from "../filtering/place-of-filters.ts";
import { ssimWindow } from "../metrics/ssim.ts";
import { usualBlend } from "../spec/blind-spots.ts";
import { checkInteger } from "../spec/checks.ts";
import { InputError } from "../spec/input-error.ts";
import { isConvolutional, type NetworkSpec, networkName } from "../spec/network.ts";
import { formatNoise } from "../spec/noise-text.ts";
import { evaluationData } from "../training/evaluation-data.ts";
import { hasPictures, type RunData } from "../training/run-data.ts";
import { openComputer } from "./compute.ts";
import {
  type EvaluateOptions,
  type EvaluationNoise,
  evaluationNoise,
  usualTuneCounts,
} from "./evaluate-options.ts";
import { type EvaluatedNetwork, imageNetwork, pictureNetwork } from "./evaluated-network.ts";
import { evaluationDisplay } from "./evaluation-progress.ts";
import { type EvaluationFacts, evaluationJson, evaluationTable, leadSentence } from "./evaluation-results.ts";
import { type EvaluationRow, evaluationRows } from "./evaluation-rows.ts";
import { learnedBlind } from "./file-denoisers.ts";
import { type FilterWork, startFilterWork } from "./filter-work.ts";
import { loadNotedModel } from "./input-files.ts";
import { onInterrupt } from "./interruption.ts";
import type { Io } from "./io.ts";
import { prepareFolder, writeFiles } from "./output-files.ts";
import { hasColours } from "./picture-folder.ts";
import { photoModels } from "./shipped-models.ts";
import { duration } from "./text.ts";
import { isFolder, loadImageData, loadPictureData, type Reading } from "./train-inputs.ts";
import { packageVersion } from "./version.ts";

/** Images of one size per batch; pictures are processed one by one. */
const imageBatch = 64;

/**
 * `unsnow evaluate`: reads and checks everything, evaluates, prints the table and writes the JSON file. If Ctrl-C stops it,
 * it prints and writes nothing, and `interrupted` is true. Throws an InputError or a DeviceError.
 */
export async function evaluate(io: Io, options: EvaluateOptions): Promise<{ readonly interrupted: boolean }> {
  const started = performance.now();
  const tell = options.quiet ? () => {} : (line: string) => io.console.error(line);
  const { model, note } = await loadNotedModel(io, await modelName(io, options), { ...options, tell });
  const noise = evaluationNoise(options, note);
  const data = await loadData(io, options, model.network, { tell, trained: note?.samples });
  const pictures = hasPictures(data);
  const { tuneCount = pictures ? usualTuneCounts.pictures : usualTuneCounts.images } = options;
  checkInteger("The number of images to tune on", tuneCount, 1, 1_000_000);
  // A noise map has a strength for each image.
  const blend = usualBlend(note);
  const together =
    blend === 1 &&
    !hasPictures(data) &&
    hasOwnSize(data.validation, model.network) &&
    !model.network.noiseMap;
  const samples = evaluationData(data, noise, tuneCount);
  const { json, filters } = options;
  if (json !== undefined) await prepareFolder(io, dirname(json), [basename(json)]);

  const engine = await openComputer(io, options, tell);
  let network: EvaluatedNetwork | undefined;
  let filterWork: FilterWork | undefined;
  const display = evaluationDisplay(io, options.quiet ?? false);
  const interruption = onInterrupt(io, () => {
    tell(`${io.stderr.isTTY ? "\n" : ""}Stopping; nothing is written.`);
    void filterWork?.stop(interruption.signal.reason);
  });
  const { signal } = interruption;
  try {
    if (noise.remark) tell(noise.remark);
    if (blend === "auto") tell(`${learnedBlind}.`);
    network = together
      ? await imageNetwork(engine, model, imageBatch)
      : await pictureNetwork(engine, model, {
          ...{ stride: options.stride, blend, signal },
        });
    const place = options.filtersOn ?? usualFilterPlace(engine.adapter);
    filterWork = filters.length > 0 ? await startFilterWork(io, engine, noise.noise, place) : undefined;
    const batch = together ? imageBatch : 1;
    const rows = await evaluationRows({
      ...{ data: samples, network, filters, filterWork, batch, signal },
      progress: display,
    });
    display.stop();

    const facts = {
      settings: settingsOf(options, noise, tuneCount),
      backend: engine.backend,
      adapter: engine.adapter,
      network: networkName(model.network),
      images: {
        evaluated: samples.evaluated.count,
        tuned: filters.length > 0 ? samples.tuned.count : 0,
      },
    };
    if (json !== undefined) {
      const content = evaluationJson(facts, rows, options.perImage ?? false);
      await writeFiles(io, dirname(json), new Map([[basename(json), content]]));
    }
    io.console.log(report(facts, data, rows));
    tell(`It took ${duration((performance.now() - started) / 1000)}.`);
    return { interrupted: false };
  } catch (error) {
    if (signal.aborted && error === signal.reason) return { interrupted: true };
    throw error;
  } finally {
    interruption.dispose();
    display.stop();
    await filterWork?.stop(new Error("The evaluation is over."));
    network?.destroy();
    engine.close();
  }
}

/** The model's name; `photo` means the model for colour if any evaluated picture is in colour. */
async function modelName(io: Io, { model, data, valData = data }: EvaluateOptions): Promise<string> {
  if (model !== photoModels.grey || !(await isFolder(io, valData))) return model;
  return (await hasColours(io, valData)) ? photoModels.coloured : model;
}

/** Reads the images, or the pictures of a folder, of any sizes. Throws an InputError unless the network can denoise them. */
async function loadData(
  io: Io,
  options: EvaluateOptions,
  network: NetworkSpec,
  reading: Reading,
): Promise<RunData> {
  const { image, channels } = network;
  if (await isFolder(io, options.data))
    return loadPictureData(io, { ...options, colour: channels === 3 }, reading);
  if (options.stride !== undefined) {
    throw new InputError(`--stride is for a folder of pictures, but ${options.data} is not one.`);
  }
  const data = await loadImageData(io, options, reading);
  const [rows, columns] = image;
  const { validation } = data;
  // Convolutions take any size.
  if (!isConvolutional(network) && channels !== 1) {
    throw new InputError(
      `${options.model} denoises colour pictures, but the images of ${options.data} are grey: give a folder of pictures in colour.`,
    );
  }
  if (!isConvolutional(network) && !hasOwnSize(validation, network)) {
    throw new InputError(
      `${options.model} denoises images of ${rows} x ${columns} pixels, but those of ${options.data} have ${validation.rows} x ${validation.columns}.`,
    );
  }
  return data;
}

/** Whether images are grey and of the network's size. */
function hasOwnSize(
  images: { readonly rows: number; readonly columns: number },
  { image: [rows, columns], channels }: NetworkSpec,
): boolean {
  return images.rows === rows && images.columns === columns && channels === 1;
}

function settingsOf(options: EvaluateOptions, { noise, seed }: EvaluationNoise, tuneCount: number) {
  const { model, data, valData, noisy, valNoisy, stride, filters } = options;
  const files = { model, data, valData, noisy, valNoisy };
  return { version: packageVersion(), ...files, noise: formatNoise(noise), seed, stride, filters, tuneCount };
}

/** What was evaluated, the table, and remarks on it. */
function report(
  { settings, images, network }: EvaluationFacts,
  data: RunData,
  rows: readonly EvaluationRow[],
): string {
  const noise = data.noisyValidation
    ? `the measured ${data.noisyValidation.name}`
    : `noise ${settings.noise}`;
  const small = rows.some(({ scores }) => scores.some(({ ssim }) => ssim === undefined));
  const lead = leadSentence(rows);
  return [
    `${images.evaluated} images of ${data.validation.name}, ${noise}, network ${network}; means over the images:`,
    "",
    evaluationTable(rows),
    "",
    ...(lead ? [lead] : []),
    ...(images.tuned > 0 ? [`The filters were tuned on ${images.tuned} images of ${data.train.name}.`] : []),
    "BCE is computed on outputs clipped to [1e-7, 1 - 1e-7], as in Keras.",
    ...(small ? [`There is no SSIM: it needs ${ssimWindow} x ${ssimWindow} pixels.`] : []),
  ].join("\n");
}
