import { useComputed } from "@preact/signals";
import { formatDecibels, nothing } from "../format.ts";
import { meanPsnrs, type ShownDigit, shownDigits } from "../shown-digits.ts";
import { store } from "../store.ts";
import { DigitFilter } from "./digit-filter.tsx";
import { Picture } from "./picture.tsx";

/** Ten validation digits: with noise, through the network, and as they were. */
export function Digits() {
  const digits = useComputed(() =>
    shownDigits(store.laboratory.value?.validation, store.pictures.value),
  ).value;
  const half = Math.ceil(digits.length / 2);
  return (
    <section class="card" aria-labelledby="digits-title">
      <div class="card-head">
        <h2 id="digits-title">Digits it has never seen</h2>
        <MeanPsnr digits={digits} />
      </div>
      <DigitFilter />
      <div class="digit-groups">
        <DigitGroup digits={digits.slice(0, half)} />
        <DigitGroup digits={digits.slice(half)} />
      </div>
    </section>
  );
}

/** Five columns; two groups stand side by side where there is room. */
function DigitGroup({ digits }: { readonly digits: readonly ShownDigit[] }) {
  return (
    <div class="digit-group">
      <div class="digit-titles" aria-hidden="true">
        <span>noisy</span>
        <span>denoised</span>
        <span>clean</span>
        <span class="digit-unit">dB</span>
      </div>
      <ol class="digit-columns">
        {digits.map((digit) => (
          <Digit key={digit.image} digit={digit} />
        ))}
      </ol>
    </div>
  );
}

function Digit({ digit }: { readonly digit: ShownDigit }) {
  const { label, noisyPsnr, denoisedPsnr } = digit;
  return (
    <li class="digit" data-label={label} aria-label={`Digit ${label}`}>
      <Picture title="noisy" pixels={digit.noisy} rows={digit.rows} columns={digit.columns} />
      <Picture title="denoised" pixels={digit.denoised} rows={digit.rows} columns={digit.columns} />
      <Picture title="clean" pixels={digit.clean} rows={digit.rows} columns={digit.columns} />
      <p class="digit-psnr">
        <span class="visually-hidden">noisy </span>
        <span class="psnr-noisy">{formatDecibels(noisyPsnr)}</span>
        <span class="visually-hidden"> dB, denoised </span>
        <span class="psnr-denoised">{formatDecibels(denoisedPsnr)}</span>
        <span class="visually-hidden"> dB</span>
      </p>
    </li>
  );
}

function MeanPsnr({ digits }: { readonly digits: readonly ShownDigit[] }) {
  const mean = meanPsnrs(digits);
  return (
    <p class="mean-psnr" title="Peak signal-to-noise ratio against the clean picture: higher is better">
      Mean PSNR: noisy <span id="mean-noisy">{mean ? formatDecibels(mean.noisy) : nothing}</span>, denoised{" "}
      <strong id="mean-denoised">{mean ? formatDecibels(mean.denoised) : nothing}</strong> dB
    </p>
  );
}
