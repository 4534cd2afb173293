import { formatCount } from "../shared/format.ts";
import { store } from "../store.ts";
import { LatentDetails } from "./latent-details.tsx";
import { LatentLegend } from "./latent-legend.tsx";
import { LatentPlot } from "./latent-plot.tsx";

/** The codes of validation images on a plane, and what the decoder makes of its places. */
export function LatentView() {
  const { value: codes } = store.inside.codes;
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
          ? "Point at one to see it clean; press anywhere to decode that place."
          : "A residual network needs the noisy image too, so that a place by itself cannot be decoded."}
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
