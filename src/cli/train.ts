import { rmdir } from "node:fs/promises";
import { roundingOf } from "../device/adapter.ts";
import type { Device } from "../device/device.ts";
import { DeviceError } from "../device/device-error.ts";
import { createTrainer } from "../engine/create-trainer.ts";
import type { EngineTrainer } from "../engine/engine.ts";
import { checkSameData, fingerprintOf } from "../formats/data-fingerprint.ts";
import { DivergenceError } from "../training/divergence-error.ts";
import { checkRun, formatOf } from "../training/run-data.ts";
import { CheckpointFolder } from "./checkpoint-folder.ts";
import { Checkpointer, type Recorded } from "./checkpointer.ts";
import { openComputer } from "./compute.ts";
import { type Interruption, onInterrupt } from "./interruption.ts";
import type { Io } from "./io.ts";
import { newRunFolder, prepareFolder, writeFiles } from "./output-files.ts";
import { userPath } from "./paths.ts";
import { profileTable } from "./profile.ts";
import { type ProgressDisplay, progressDisplay } from "./progress.ts";
import { savedSettings } from "./resumed-run.ts";
import { RunError } from "./run-error.ts";
import { planRun, type RunPlan } from "./run-plan.ts";
import { runSettings, withRange } from "./run-settings.ts";
import { loadInitialWeights, loadTrainingData } from "./train-inputs.ts";
import type { TrainOptions } from "./train-options.ts";
import { resultFiles, resultNames, resultSummary } from "./train-results.ts";
import { packageVersion } from "./version.ts";

/** Whether Ctrl-C stopped a training. */
interface Ended {
  readonly interrupted: boolean;
}

/**
 * `unsnow train`: reads and checks everything, trains, and writes the results. `given` are the names of the options on the
 * command line. Throws an InputError, a DeviceError, a DivergenceError or, for a run that can be resumed, a RunError; then
 * the files of earlier runs are unchanged.
 */
export async function train(io: Io, options: TrainOptions, given: readonly string[]): Promise<Ended> {
  const tell = options.quiet ? () => {} : (line: string) => io.console.error(line);
  const plan = await planRun(io, options, given, tell);
  let folder = plan.saved?.folder;
  try {
    return await trainAsPlanned(io, plan, tell, async (name) => {
      folder ??= await CheckpointFolder.create(io, name);
      return folder;
    });
  } finally {
    await folder?.close();
  }
}

async function trainAsPlanned(
  io: Io,
  { options: given, spec, saved }: RunPlan,
  tell: (line: string) => void,
  openFolder: (name: string) => Promise<CheckpointFolder>,
): Promise<Ended> {
  const data = await loadTrainingData(io, given, { tell });
  const options = withRange(given, formatOf(data));
  const network = checkRun(spec, data);
  const checkpoints = saved?.folder.name ?? options.checkpoint;
  const fingerprint = checkpoints === undefined ? undefined : await fingerprintOf(data);
  if (saved && fingerprint) checkSameData(fingerprint, saved.checkpoint.data, data, saved.folder.name);
  const startsFrom = saved ? undefined : options.init;
  const initial = startsFrom === undefined ? undefined : await loadInitialWeights(io, startsFrom, network);

  const engine = await openComputer(io, options, tell, {
    onRecovery: (sentence) => tellBelowBar(io, sentence, tell),
    ...(options.profile && { profilerOf: (device: Device) => device.createProfiler() }),
    family: options.kernels,
    memory: io.kernels,
  });
  let trainer: EngineTrainer | undefined;
  /** The folder that was created for this run, while it is empty. */
  let emptyFolder: string | undefined;
  const interruption = onInterrupt(io, () =>
    tellBelowBar(io, "Stopping after the current steps; press Ctrl-C again to stop at once.", tell),
  );
  try {
    const before = saved?.checkpoint.adapter.name ?? engine.adapter.name;
    if (roundingOf(before) !== roundingOf(engine.adapter.name)) {
      tell(
        `The run was computed on ${before}; on ${engine.adapter.name} it continues, and its results may differ by rounding.`,
      );
    }
    trainer = await createTrainer(engine, spec, data, {
      state: saved?.checkpoint.state,
      initial,
    });
    if (options.profile && !trainer.profiler) {
      tell(`${engine.adapter.name} has no timestamp queries, so nothing is profiled.`);
    }
    const out = options.out ?? (await newRunFolder(io));
    emptyFolder = options.out === undefined ? out : undefined;
    await prepareFolder(io, out, resultNames(trainer.profiler !== undefined));

    const recorded: Recorded = {
      epochs: [...(saved?.checkpoint.epochs ?? [])],
      stepLoss: [...(saved?.checkpoint.stepLoss ?? [])],
    };
    const { every = 1, logSteps = false, backend = "auto" } = options;
    const { family } = trainer;
    const settings = savedSettings(
      runSettings(options, spec, { version: packageVersion(), kernels: family }),
      { folder: io.folder, out, every, backend },
    );
    const checkpointer =
      checkpoints !== undefined && fingerprint
        ? new Checkpointer(
            await openFolder(checkpoints),
            () => ({ settings, adapter: engine.adapter, family, data: fingerprint }),
            recorded,
            { every, logSteps },
            (line) => tellBelowBar(io, line, (text) => io.console.error(text)),
          )
        : undefined;
    // The run can be resumed from its start.
    if (!saved) await checkpointer?.save(await trainer.state());
    const display = progressDisplay(
      io,
      options.quiet ?? false,
      spec.epochs,
      trainer.imageCounts.train,
      trainer.progress,
      spec,
    );
    await runEpochs(trainer, recorded, display, interruption, checkpointer);
    const { epoch, step } = trainer.progress;
    const interrupted = epoch < spec.epochs;
    if (interrupted && epoch === 0 && step === 0) {
      tell("Stopped before the first step, so nothing was written.");
      return { interrupted };
    }

    await checkpointer?.save(await trainer.state());
    emptyFolder = undefined;
    await writeFiles(io, out, await resultFiles(trainer, engine, data, options, recorded));
    if (!options.quiet) {
      if (interrupted) {
        const steps = step > 0 ? `, and ${step} steps into the next` : "";
        io.console.log(`Stopped after ${epoch} of ${spec.epochs} epochs${steps}.`);
      }
      io.console.log(await resultSummary(trainer, engine, recorded, out));
      if (trainer.profiler) io.console.log(`\n${profileTable(trainer.profiler.table())}`);
      if (interrupted && checkpointer) io.console.log(`\nContinue with: ${checkpointer.resumeCommand}`);
    }
    return { interrupted };
  } finally {
    interruption.dispose();
    if (emptyFolder !== undefined) await rmdir(userPath(io, emptyFolder)).catch(() => {});
    trainer?.destroy();
    engine.close();
  }
}

/** On a terminal, prints below the line of the bar. */
function tellBelowBar({ stderr }: Io, line: string, tell: (line: string) => void): void {
  tell(`${stderr.isTTY ? "\n" : ""}${line}`);
}

async function runEpochs(
  trainer: EngineTrainer,
  recorded: Recorded,
  display: ProgressDisplay,
  { signal }: Interruption,
  checkpointer: Checkpointer | undefined,
): Promise<void> {
  try {
    for await (const report of trainer.epochs(signal, (progress) => display.advance(progress))) {
      recorded.epochs.push(report.record);
      for (const loss of report.stepLosses) recorded.stepLoss.push(loss);
      display.epochDone(report.record);
      if (checkpointer?.isDue(report)) await checkpointer.save(await trainer.state());
    }
  } catch (error) {
    throw checkpointer ? await advised(error, trainer, checkpointer) : error;
  } finally {
    display.stop();
  }
}

/** The error with advice on the saved run. If the device is lost and cannot be reopened, it first saves the last kept state. */
async function advised(error: unknown, trainer: EngineTrainer, checkpointer: Checkpointer): Promise<unknown> {
  if (error instanceof DivergenceError) return new RunError(error, checkpointer.startAgainAdvice);
  if (!(error instanceof DeviceError)) return error;
  if (trainer.keptState) await checkpointer.save(trainer.keptState);
  return new RunError(error, `The run is saved; continue with: ${checkpointer.resumeCommand}`);
}
