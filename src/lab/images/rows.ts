import type { NoiseSpec } from "../../spec/noise.ts";
import type { Pictures } from "./protocol.ts";

/** What denoises the validation images that are shown: the run's network, or the pretrained one. */
export type RowsBy = "run" | "pretrained";

/** The noise that the network for digits was trained for: Gaussian, of this factor. */
export const pretrainedFactor = 0.5;

/** The size of its images, in pixels. */
export const pretrainedSize = { rows: 28, columns: 28 } as const;

/** Validation images denoised by the network for digits, and its input; both [images, rows, columns]. */
export interface PretrainedRows {
  readonly noisy: Float32Array<ArrayBuffer>;
  readonly denoised: Float32Array<ArrayBuffer>;
}

/** Pictures, and whether they wait for the network for digits; in that case the denoised row is the noisy one. */
interface PicturesBy {
  readonly by: RowsBy | "waiting";
  readonly pictures: Pictures;
}

/** Whether the network for digits can be compared with a run: the images have its size, and the noise is Gaussian only. */
export function suitsPretrained(
  { stages }: NoiseSpec,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): boolean {
  const [stage, ...others] = stages;
  const gaussian = stage?.kind === "gaussian" && stage.setting !== 0 && others.length === 0;
  return gaussian && rows === pretrainedSize.rows && columns === pretrainedSize.columns;
}

/** The run's pictures, with the denoised row that is to be shown. */
export function picturesBy(by: RowsBy, pictures: Pictures, rows: PretrainedRows | undefined): PicturesBy {
  if (by === "run") return { by, pictures };
  if (!rows || !isOf(rows, pictures)) {
    return { by: "waiting", pictures: { ...pictures, denoised: pictures.noisy } };
  }
  return { by, pictures: { ...pictures, denoised: rows.denoised } };
}

/** Whether the rows are of these pictures. A run shows the same images with the same noise repeatedly. */
export function isOf({ noisy }: PretrainedRows, pictures: Pictures): boolean {
  return (
    noisy.length === pictures.noisy.length && noisy.every((value, index) => value === pictures.noisy[index])
  );
}
