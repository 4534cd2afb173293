import { useComputed } from "@preact/signals";
import { formatDecibels, nothing } from "../shared/format.ts";
import { Picture } from "../shared/picture.tsx";
import { ownImages, shownPictures } from "../store.ts";
import { LabelFilter } from "./label-filter.tsx";
import { RowsChoice } from "./rows-choice.tsx";
import { meanPsnrs, type ShownImage, shownImages } from "./shown-images.ts";
import { Snow } from "./snow.tsx";

/** Ten validation images: with noise, through the network, and as they were. */
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

/** Five columns; two groups stand side by side where there is room. */
function ShownGroup({ images }: { readonly images: readonly ShownImage[] }) {
  return (
    <div class="shown-group">
      <div class="shown-titles" aria-hidden="true">
        <span>noisy</span>
        <span>denoised</span>
        <span>clean</span>
        <span class="shown-unit">dB</span>
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
  return (
    <li class="shown-image" data-label={label} aria-label={nameOf(shown)}>
      <Picture title="noisy" pixels={shown.noisy} rows={rows} columns={columns} />
      <div class="clearing">
        <Picture title="denoised" pixels={shown.denoised} rows={rows} columns={columns} />
        <Snow pixels={shown.noisy} rows={rows} columns={columns} />
      </div>
      <Picture title="clean" pixels={shown.clean} rows={rows} columns={columns} />
      <p class="shown-psnr">
        <span class="visually-hidden">noisy </span>
        <span class="psnr-noisy">{formatDecibels(noisyPsnr)}</span>
        <span class="visually-hidden"> dB, denoised </span>
        <span class="psnr-denoised">{formatDecibels(denoisedPsnr)}</span>
        <span class="visually-hidden"> dB</span>
      </p>
    </li>
  );
}

function nameOf({ image, label }: ShownImage): string {
  if (label === undefined) return `Image ${image}`;
  return ownImages.value ? `Image ${image}, label ${label}` : `Digit ${label}`;
}

function MeanPsnr({ images }: { readonly images: readonly ShownImage[] }) {
  const mean = meanPsnrs(images);
  return (
    <p class="mean-psnr" title="Peak signal-to-noise ratio against the clean picture: higher is better">
      Mean PSNR: noisy <span id="mean-noisy">{mean ? formatDecibels(mean.noisy) : nothing}</span>, denoised{" "}
      <strong id="mean-denoised">{mean ? formatDecibels(mean.denoised) : nothing}</strong> dB
    </p>
  );
}
