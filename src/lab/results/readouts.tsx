import type { ComponentChildren } from "preact";
import { defaultTraining } from "../../spec/settings.ts";
import { validationPsnrTitle } from "../images/summary.ts";
import type { Backend } from "../protocol.ts";
import { isProfiling } from "../run/options.ts";
import { launchTracks, runImages, runSpec, runState } from "../run/state.ts";
import { TableScroll } from "../shared/controls.tsx";
import { formatCount, formatDecibels, formatLoss, formatSeconds, nothing } from "../shared/format.ts";
import { kernelTimePerStep, resultsState } from "./state.ts";

/** The run's progress, in figures. */
export function Readouts() {
  const { epoch = 0, epochs = 0, step = 0, stepsPerEpoch = 0 } = runState.progress.value ?? {};
  const latest = runState.epochs.value.at(-1);
  return (
    <dl class="readouts" aria-label="Figures of the run">
      <Readout id="epoch" title="Epochs" of={formatCount(epochs)}>
        {formatCount(epoch)}
      </Readout>
      <Readout id="step" title="Step" of={formatCount(stepsPerEpoch)}>
        {formatCount(step)}
      </Readout>
      <Readout id="speed" title="Images/s">
        {imagesPerSecond()}
      </Readout>
      <Readout id="time-left" title="Time left">
        {timeLeft()}
      </Readout>
      <Readout id="validation-loss" title="Validation loss">
        {latest ? formatLoss(latest.valLoss) : nothing}
      </Readout>
      <Readout id="validation-psnr" title={validationPsnrTitle(runSpec.value ?? defaultTraining)} unit="dB">
        {latest ? formatDecibels(latest.valPsnr) : nothing}
      </Readout>
      <KernelTime />
    </dl>
  );
}

interface ReadoutProps {
  readonly id: string;
  readonly title: string;
  /** The figure's maximum. */
  readonly of?: string;
  readonly unit?: string;
  readonly children: ComponentChildren;
}

function Readout({ id, title, of, unit, children }: ReadoutProps) {
  return (
    <div class="readout">
      <dt>{title}</dt>
      <dd>
        <span id={id}>{children}</span>
        {of && <small> of {of}</small>}
        {unit && <small> {unit}</small>}
      </dd>
    </div>
  );
}

/** The time of a step's kernels, if launches are measured; otherwise why it is not known. */
function KernelTime() {
  const { value: laboratory } = runState.laboratory;
  const perStep = kernelTimePerStep(resultsState.kernels.value);
  const unmeasured = isProfiling() ? "not on this one" : "with ?profile";
  const unit = laboratory?.profiled ? "ms per step" : unmeasured;
  return (
    <Readout id="kernel-time" title={kernelTimeOn(laboratory?.backend)} unit={unit}>
      {perStep === undefined ? nothing : perStep.toFixed(2)}
    </Readout>
  );
}

/** The images per second, including validation images, which go through the network too. */
function imagesPerSecond(): string {
  const { value: rate } = runState.stepsPerSecond;
  const { value: images } = runImages;
  const { value: progress } = runState.progress;
  if (rate === undefined || !images || !progress) return nothing;
  const { trainingImages, validationImages } = images;
  return formatCount((rate * (trainingImages + validationImages)) / progress.stepsPerEpoch);
}

function timeLeft(): string {
  const { value: rate } = runState.stepsPerSecond;
  const { value: progress } = runState.progress;
  if (runState.phase.value === "finished") return "done";
  if (!rate || !progress) return nothing;
  const { epoch, epochs, step, stepsPerEpoch } = progress;
  return formatSeconds(((epochs - epoch) * stepsPerEpoch - step) / rate);
}

/** The title of the kernels' time: on a GPU its own time, on the CPU the clock's, for any number of cores. */
function kernelTimeOn(backend: Backend | undefined): string {
  return backend === "cpu" ? "Kernel time" : "GPU time";
}

/** Time by kernel, the longest first. */
export function KernelTimes() {
  const { backend } = runState.laboratory.value ?? {};
  return (
    <section class="card" aria-labelledby="kernels-title">
      <div class="card-head">
        <h2 id="kernels-title">{backend === "cpu" ? "Time by kernel" : "GPU time by kernel"}</h2>
      </div>
      <Times />
    </section>
  );
}

function Times() {
  const { value: laboratory } = runState.laboratory;
  const { value: kernels } = resultsState.kernels;
  if (!laboratory) return null;
  if (!laboratory.profiled)
    return <p>This adapter has no timestamp queries, so its kernels cannot be timed.</p>;
  if (kernels.length === 0) return <p>Nothing has been measured yet: press Train or Step.</p>;
  const total = kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return (
    <>
      <p class="card-note">
        Measuring slows training down.{" "}
        {laboratory.backend === "cpu" && "A launch is timed until all threads are done with it. "}
        The browser's Performance panel shows every launch on a track named {launchTracks[laboratory.backend]}
        .
      </p>
      <TableScroll label="Kernels, as a table">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Kernel</th>
              <th scope="col">Launches</th>
              <th scope="col">Total, ms</th>
              <th scope="col">Mean, µs</th>
              <th scope="col">Share</th>
            </tr>
          </thead>
          <tbody>
            {kernels.map(({ kernel, launches, milliseconds }) => (
              <tr key={kernel}>
                <th scope="row">{kernel}</th>
                <td>{formatCount(launches)}</td>
                <td>{milliseconds.toFixed(1)}</td>
                <td>{formatCount((1000 * milliseconds) / launches)}</td>
                <td>{total > 0 ? ((100 * milliseconds) / total).toFixed(1) : "0.0"} %</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </>
  );
}
