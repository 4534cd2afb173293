import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Picture } from "../../data/picture.ts";
import { SwitchSetting } from "../shared/controls.tsx";
import { formatCount, formatDecibels, formatSize } from "../shared/format.ts";
import { filesOf } from "../shared/picture-files.ts";
import {
  bestPoint,
  endWords,
  goToTheEnd,
  isPainting,
  mostSteps,
  type Painting,
  priorState,
  psnrToClean,
  sceneSigma,
  startPainting,
  stopPainting,
  usePicture,
  useScene,
} from "./painting.ts";
import type { PriorPoint } from "./protocol.ts";

/** A network that paints one noisy picture, the clearest painting so far, and the error of the held-out pixels. */
export function PriorView() {
  useEffect(() => () => void stopPainting(), []);
  const { value: fault } = priorState.fault;
  return (
    <div class="inside-body prior">
      <p class="card-note">
        A network with skips that has never seen a picture learns to paint one noisy picture from fixed random
        numbers. It paints what is regular before it paints the noise, so the picture is clearest midway.
        About 6 % of the pixels are held out; where their error is least, the picture is near its clearest (
        <a href="https://arxiv.org/abs/1711.10925">Ulyanov et al. 2018</a>).
      </p>
      <Controls />
      <div class="notices" role="status">
        {fault !== undefined && <p class="notice notice-failure">{fault}</p>}
        {endWords.value !== undefined && <p class="notice">{endWords.value}</p>}
      </div>
      <Pictures />
      <ErrorChart />
    </div>
  );
}

/** The picture to paint, and the buttons. While a network paints, they cannot be changed. */
function Controls() {
  const { value: phase } = priorState.phase;
  const { name } = priorState.source.value;
  return (
    <div class="prior-controls">
      <div class="prior-buttons">
        {isPainting.value ? (
          <button
            key="main"
            type="button"
            class="button button-main"
            aria-disabled={phase === "stopping"}
            onClick={() => void stopPainting()}
          >
            Stop
          </button>
        ) : (
          <button key="main" type="button" class="button button-main" onClick={() => void startPainting()}>
            {phase === "idle" ? "Start" : "Start again"}
          </button>
        )}
        <p id="prior-step">{stepWords()}</p>
      </div>
      <fieldset class="prior-choices" disabled={isPainting.value}>
        <legend class="visually-hidden">What is painted, and how long</legend>
        <label class="button file-button" for="prior-file">
          Use your own picture
          <input
            id="prior-file"
            class="visually-hidden"
            type="file"
            accept="image/*"
            onChange={({ currentTarget }) => {
              const [file] = filesOf(currentTarget);
              if (file) void usePicture(file);
            }}
          />
        </label>
        {name !== undefined && (
          <button type="button" class="button" onClick={useScene}>
            Back to the made picture
          </button>
        )}
        <SwitchSetting
          id="prior-to-the-end"
          title="Go on to the last step"
          help="Shows how the picture becomes noisy again. Otherwise it ends when the error has not fallen for 150 steps."
          on={priorState.toTheEnd.value}
          onSwitch={goToTheEnd}
        />
      </fieldset>
    </div>
  );
}

/** "Step 340 of at most 2,000" */
function stepWords(): string {
  const { value: painted } = priorState.painted;
  if (painted) return `Step ${formatCount(painted.step)} of at most ${formatCount(mostSteps)}`;
  return isPainting.value ? "The first steps…" : "";
}

/** The noisy picture, what is painted now, and the clearest painting. */
function Pictures() {
  const { name, noisy } = priorState.source.value;
  const noisyWords =
    name === undefined ? `made by code, noise of sigma ${sceneSigma}` : `the middle of ${name}`;
  return (
    <div class="prior-pictures">
      <Shown title="Noisy" picture={noisy} words={`${formatSize(noisy)}, ${noisyWords}`} />
      <Painted title="Painted now" painting={priorState.painted.value} />
      <Painted title="The clearest so far" painting={priorState.clearest.value} />
    </div>
  );
}

function Painted({ title, painting }: { readonly title: string; readonly painting: Painting | undefined }) {
  if (painting)
    return <Shown title={title} picture={painting.picture} words={`step ${formatCount(painting.step)}`} />;
  return (
    <figure class="prior-figure">
      <div class="prior-empty" />
      <figcaption>{title}</figcaption>
    </figure>
  );
}

interface ShownProps {
  readonly title: string;
  readonly picture: Picture;
  /** More about it. */
  readonly words: string;
}

/** A picture with its title and, if the clean one is known, its PSNR to that. */
function Shown({ title, picture, words }: ShownProps) {
  const quality = psnrToClean(picture);
  return (
    <figure class="prior-figure">
      <PictureCanvas title={title} picture={picture} />
      <figcaption>
        {title}
        <span class="prior-words">{words}</span>
        {quality !== undefined && (
          <span class="prior-words">{formatDecibels(quality)} dB to the clean picture</span>
        )}
      </figcaption>
    </figure>
  );
}

/** A picture in grey or in colour, one pixel of the canvas for each. */
function PictureCanvas({ title, picture }: { readonly title: string; readonly picture: Picture }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { rows, columns, channels, values } = picture;
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const image = context.createImageData(columns, rows);
    for (let pixel = 0; pixel < rows * columns; pixel++) {
      for (let colour = 0; colour < 3; colour++) {
        const value = values[pixel * channels + (channels === 1 ? 0 : colour)] ?? 0;
        // The array clips to bytes and rounds.
        image.data[4 * pixel + colour] = 255 * value;
      }
      image.data[4 * pixel + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [picture]);
  return <canvas ref={canvas} class="picture" width={columns} height={rows} role="img" aria-label={title} />;
}

/** The least range of the steps, so that the first points are not spread over the whole width. */
const leastSteps = 500;

/** The share of the height that is free above and below the curve. */
const margin = 0.08;

/** The error of the held-out pixels over the steps, on a logarithmic axis, with the least one marked. */
function ErrorChart() {
  const { value: points } = priorState.points;
  const { value: best } = bestPoint;
  const errors = points.map(({ heldOut }) => heldOut);
  const [least, most] = [Math.min(...errors), Math.max(...errors)];
  const lastStep = Math.max(leastSteps, points.at(-1)?.step ?? 0);
  /** In percent from the left and from the top. */
  const placeOf = ({ step, heldOut }: PriorPoint) => {
    const share = most > least ? Math.log(heldOut / least) / Math.log(most / least) : 1;
    return { x: (100 * step) / lastStep, y: 100 * (1 - margin - (1 - 2 * margin) * share) };
  };
  const mark = best && placeOf(best);
  return (
    <figure class="prior-chart">
      <figcaption>
        Error of the held-out pixels over the steps
        <span class="prior-words">root mean square, where white is 255, on a logarithmic axis</span>
      </figcaption>
      <div class="prior-plot" role="img" aria-label={wordsOf(points, best)}>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          <polyline
            points={points
              .map(placeOf)
              .map(({ x, y }) => `${x},${y}`)
              .join(" ")}
          />
          {mark && <line x1={mark.x} x2={mark.x} y1={mark.y} y2="100" />}
        </svg>
        {mark && (
          <>
            <span class="prior-mark" style={{ left: `${mark.x}%`, top: `${mark.y}%` }} />
            <Level error={most} y={100 * margin} />
            {most > least && <Level error={least} y={100 * (1 - margin)} />}
          </>
        )}
      </div>
      <p class="prior-axis" aria-hidden="true">
        <span>0</span>
        <span>{best ? `least: ${greyLevels(best.heldOut)} after ${formatCount(best.step)} steps` : ""}</span>
        <span>{formatCount(lastStep)} steps</span>
      </p>
    </figure>
  );
}

/** A number of the vertical axis. */
function Level({ error, y }: { readonly error: number; readonly y: number }) {
  return (
    <span class="prior-level" style={{ top: `${y}%` }}>
      {greyLevels(error)}
    </span>
  );
}

/** The chart in words, for screen readers. */
function wordsOf(points: readonly PriorPoint[], best: PriorPoint | undefined): string {
  const [last] = points.slice(-1);
  if (!best || !last) return "The error of the held-out pixels: no steps yet";
  return `The error of the held-out pixels is least after ${formatCount(best.step)} steps, ${greyLevels(best.heldOut)} of 255, and ${greyLevels(last.heldOut)} after ${formatCount(last.step)} steps`;
}

/** A mean squared error as its root in grey levels: 0.0096 -> "25.0" */
function greyLevels(heldOut: number): string {
  return (255 * Math.sqrt(heldOut)).toFixed(1);
}
