import { useComputed } from "@preact/signals";
import { comparison, untouched } from "../run/state.ts";
import { Choice, Picture } from "../shared/controls.tsx";
import { formatDecibels, nothing } from "../shared/format.ts";
import { chooseRows, meanPsnrs, type ShownImage, shownImages, showOthers, toggleLabel } from "./shown.ts";
import {
  comparesPretrained,
  imagesState,
  ownImages,
  pretrainedFactor,
  type RowsBy,
  rowsBy,
  shownPictures,
  validationLabels,
} from "./state.ts";
import { type Comparison, noisyPsnrTitle } from "./summary.ts";

/** What the third row shows; undefined if there is none. */
const comparedTitles: { readonly [C in Comparison]: string | undefined } = {
  clean: "clean",
  "other shot": "other shot",
  nothing: undefined,
};

/** Ten validation images: noisy, denoised, and clean if there are clean ones. */
export function ShownImages() {
  const images = useComputed(() => shownImages(shownPictures.value?.pictures)).value;
  const half = Math.ceil(images.length / 2);
  return (
    <section class="card" aria-labelledby="shown-title">
      <div class="card-head">
        <h2 id="shown-title">{ownImages.value ? "Images" : "Digits"} it has never seen</h2>
        <MeanPsnr images={images} />
      </div>
      <RowsChoice />
      <LabelFilter />
      <div class="shown-groups">
        <ShownGroup images={images.slice(0, half)} />
        <ShownGroup images={images.slice(half)} />
      </div>
    </section>
  );
}

/** A group of five columns; two groups are side by side where there is room. */
function ShownGroup({ images }: { readonly images: readonly ShownImage[] }) {
  const title = comparedTitles[comparison.value];
  return (
    <div class="shown-group">
      <div class="shown-titles" aria-hidden="true">
        <span>noisy</span>
        <span>denoised</span>
        {title && <span>{title}</span>}
        {title && <span class="shown-unit">dB</span>}
      </div>
      <ol class="shown-columns">
        {images.map((shown) => (
          <Shown key={shown.image} shown={shown} />
        ))}
      </ol>
    </div>
  );
}

function Shown({ shown }: { readonly shown: ShownImage }) {
  const { label, rows, columns, noisyPsnr, denoisedPsnr } = shown;
  const title = comparedTitles[comparison.value];
  return (
    <li class="shown-image" data-label={label} aria-label={nameOf(shown)}>
      <Picture title="noisy" pixels={shown.noisy} rows={rows} columns={columns} />
      <div class="clearing">
        <Picture title="denoised" pixels={shown.denoised} rows={rows} columns={columns} />
        <Snow pixels={shown.noisy} rows={rows} columns={columns} />
      </div>
      {title && <Picture title={title} pixels={shown.clean} rows={rows} columns={columns} />}
      {title && (
        <p class="shown-psnr">
          <span class="visually-hidden">noisy </span>
          <span class="psnr-noisy">{formatDecibels(noisyPsnr)}</span>
          <span class="visually-hidden"> dB, denoised </span>
          <span class="psnr-denoised">{formatDecibels(denoisedPsnr)}</span>
          <span class="visually-hidden"> dB</span>
        </p>
      )}
    </li>
  );
}

function nameOf({ image, label }: ShownImage): string {
  if (label === undefined) return `Image ${image}`;
  return ownImages.value ? `Image ${image}, label ${label}` : `Digit ${label}`;
}

function MeanPsnr({ images }: { readonly images: readonly ShownImage[] }) {
  const mean = meanPsnrs(images);
  const { value: compared } = comparison;
  if (compared === "nothing") return <p class="mean-psnr">No clean pictures to compare with</p>;
  const [title, what] =
    compared === "clean" ? ["Mean PSNR", "the clean picture"] : [noisyPsnrTitle, "the other noisy shot"];
  return (
    <p class="mean-psnr" title={`Peak signal-to-noise ratio against ${what}: higher is better`}>
      {title}: noisy <span id="mean-noisy">{mean ? formatDecibels(mean.noisy) : nothing}</span>, denoised{" "}
      <strong id="mean-denoised">{mean ? formatDecibels(mean.denoised) : nothing}</strong> dB
    </p>
  );
}

interface SnowProps {
  /** [rows, columns] in [0, 1], black to white. */
  readonly pixels: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** The noisy image over the denoised one; it fades out when a trained network has denoised the image. */
function Snow(noisy: SnowProps) {
  if (shownPictures.value?.by !== "pretrained") return null;
  return (
    <div class="snow">
      <Picture {...noisy} />
    </div>
  );
}

const options = [
  { value: "run", title: "This run" },
  { value: "pretrained", title: "Pretrained" },
] as const satisfies readonly { value: RowsBy; title: string }[];

/** The choice of whose denoised images are shown, where the network for digits can be compared with the run's. */
function RowsChoice() {
  if (!comparesPretrained.value) return null;
  return (
    <div class="rows-choice">
      <Choice
        name="rows-by"
        legend="Denoised by"
        options={options}
        chosen={rowsBy.value}
        onChoose={chooseRows}
      />
      <p class="rows-note">{noteOf(shownPictures.value?.by)}</p>
    </div>
  );
}

function noteOf(by: RowsBy | "waiting" | undefined): string {
  switch (by) {
    case undefined:
    case "waiting":
      return "Loading a pretrained network…";
    case "pretrained":
      return untouched.value
        ? "By a pretrained network; press Train to train a new one from scratch."
        : `By a pretrained network, for noise of factor ${pretrainedFactor}.`;
    case "run":
      return untouched.value
        ? "By the run's network, which is not trained yet."
        : "By the run's network as it is now.";
  }
}

/** Controls that choose the images to show: at random, or at random among some labels if the images have labels. */
function LabelFilter() {
  return (
    <div class="label-filter">
      {validationLabels.value.length > 0 && <LabelButtons />}
      <button type="button" class="button button-small" onClick={() => void showOthers()}>
        Other ones
      </button>
    </div>
  );
}

function LabelButtons() {
  const { value: wanted } = imagesState.labels;
  const what = ownImages.value ? "label" : "digit";
  return (
    <fieldset class="label-buttons">
      <legend>{wanted.size === 0 ? `Any ${what}, or only` : "Only"}</legend>
      {validationLabels.value.map((label) => (
        <button
          key={label}
          type="button"
          class="label-button"
          aria-pressed={wanted.has(label)}
          aria-label={`Only the ${what} ${label}`}
          onClick={() => void toggleLabel(label)}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}
