import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Picture } from "../../data/picture.ts";
import { SwitchSetting } from "../shared/controls.tsx";
import { filesOf } from "../shared/files.ts";
import { formatCount, formatDecibels, formatSize } from "../shared/format.ts";
import { goToTheEnd, startPainting, stopPainting, usePicture, useScene } from "./actions.ts";
import { ErrorChart } from "./error-chart.tsx";
import { sceneSigma } from "./scene.ts";
import { endWords, isPainting, mostSteps, type Painting, priorState, psnrToClean } from "./state.ts";

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
