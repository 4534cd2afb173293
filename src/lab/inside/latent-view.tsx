import { ownImages } from "../images/state.ts";
import { comparison } from "../run/state.ts";
import { Picture } from "../shared/controls.tsx";
import { formatCount, formatValue } from "../shared/format.ts";
import { chooseEnd, toggleOnly } from "./actions.ts";
import type { PlanePoint } from "./codes.ts";
import { LatentPlot } from "./latent-plot.tsx";
import type { Codes } from "./protocol.ts";
import type { DecodedSpot } from "./state.ts";
import { insideState, shownLabels, titleOf } from "./state.ts";

/** The codes of validation images on a plane, and the images decoded from its points. */
export function LatentView() {
  const { value: codes } = insideState.codes;
  if (!codes) return <p class="inside-empty">The images are being encoded.</p>;
  const { images, plane, decodes } = codes;
  const where = plane.direct
    ? "by the values of the code itself"
    : "by the two directions along which the codes vary most";
  return (
    <>
      <p class="card-note">
        Where the encoder puts {formatCount(images.length)} validation images with their noise, {where}.{" "}
        {decodes
          ? `Point at one to see it${comparison.value === "clean" ? " clean" : ""}; press anywhere to decode that place.`
          : "A residual network needs the noisy image too, so a place alone cannot be decoded."}
      </p>
      <div class="latent">
        <div class="latent-main">
          <LatentPlot codes={codes} />
          <LatentLegend />
        </div>
        <LatentDetails codes={codes} />
      </div>
    </>
  );
}

/** The labels in their colours; pressing one dims the others. */
function LatentLegend() {
  const { label: only } = insideState.latent;
  const { value: labels } = shownLabels;
  if (labels.length === 0) return null;
  const what = ownImages.value ? "label" : "digit";
  return (
    <fieldset class="latent-legend">
      <legend>{only.value === undefined ? `Every ${what}, or only` : "Only"}</legend>
      {labels.map((label) => (
        <button
          key={label}
          type="button"
          class="label-button"
          style={{ "--label-color": `var(--label-${label % 10})` }}
          aria-pressed={label === only.value}
          aria-label={`Plot only the ${what} ${label}`}
          onClick={() => toggleOnly(label)}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}

/** The image that is pointed at, and the point that is decoded. */
function LatentDetails({ codes }: { readonly codes: Codes }) {
  const { value: pointed } = insideState.latent.pointed;
  const { value: decoded } = insideState.latent.decoded;
  return (
    <div class="latent-details">
      <figure class="latent-figure" aria-label="The image pointed at">
        {pointed === undefined ? <EmptyPicture /> : <Pointed codes={codes} place={pointed} />}
        {pointed === undefined && <figcaption>Point at an image to see it.</figcaption>}
      </figure>
      {codes.decodes && (
        <figure class="latent-figure" aria-label="The place decoded">
          {decoded ? <Decoded decoded={decoded} /> : <EmptyPicture />}
          {!decoded && <figcaption>Press anywhere to decode that place.</figcaption>}
        </figure>
      )}
    </div>
  );
}

function Pointed({ codes, place }: { readonly codes: Codes; readonly place: number }) {
  const { rows, columns, images, clean, decodes } = codes;
  const size = rows * columns;
  const { from, to } = insideState.path;
  return (
    <>
      <Picture
        title={comparison.value === "clean" ? "clean" : "noisy"}
        rows={rows}
        columns={columns}
        pixels={clean.subarray(place * size, (place + 1) * size)}
      />
      <figcaption>
        <strong>{titleOf(place)}</strong> image {images[place]}
      </figcaption>
      {decodes && (
        <div class="latent-ends">
          <End name="A" chosen={from.value === place} onChoose={() => chooseEnd("from", place)} />
          <End name="B" chosen={to.value === place} onChoose={() => chooseEnd("to", place)} />
        </div>
      )}
    </>
  );
}

interface EndProps {
  readonly name: string;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function End({ name, chosen, onChoose }: EndProps) {
  return (
    <button type="button" class="button button-small" aria-pressed={chosen} onClick={onChoose}>
      Use as {name}
    </button>
  );
}

function Decoded({ decoded }: { readonly decoded: DecodedSpot }) {
  const { rows, columns, pixels, spot, raised } = decoded;
  return (
    <>
      <Picture title="decoded" rows={rows} columns={columns} pixels={pixels} />
      <figcaption aria-live="polite">
        <strong>Decoded</strong> at {coordinates(spot)}
        {raised > 0 && <small class="latent-raised">{raisedSentence(raised)}</small>}
      </figcaption>
    </>
  );
}

function EmptyPicture() {
  return <div class="latent-nothing" />;
}

function coordinates({ x, y }: PlanePoint): string {
  return `(${formatValue(x)}, ${formatValue(y)})`;
}

/** A note on values that were raised to 0: a ReLU outputs nothing below 0, so the decoder was never trained on such values. */
function raisedSentence(raised: number): string {
  const values = raised === 1 ? "1 value of the code" : `${raised} values of the code`;
  return `${values} would be below 0 here, which a ReLU cannot output, and were set to 0.`;
}
