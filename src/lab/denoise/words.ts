import { formatLayers } from "../../spec/layer-text.ts";
import { hiddenOf, isConvolutional, type NetworkSpec, networkName } from "../../spec/network.ts";
import type { Progress } from "../../training/trainer.ts";
import { formatCount } from "../shared/format.ts";
import type { Pixels } from "../shared/pixels.ts";

/** The size at which a picture is shown: to fit the available width, or CSS pixels for each of its pixels. */
export type Zoom = "fit" | 1 | 2 | 4;

export const zooms: readonly { readonly value: Zoom; readonly title: string }[] = [
  { value: "fit", title: "Fit" },
  { value: 1, title: "100 %" },
  { value: 2, title: "200 %" },
  { value: 4, title: "400 %" },
];

/** A picture whose longer side is at most this is shown by "fit" at twice its size or more, except on phones. */
const smallSide = 320;

type Size = Pick<Pixels, "rows" | "columns">;

/** The width at which a picture is shown, in CSS, within a container of inline size. */
export function shownWidth(zoom: Zoom, { rows, columns }: Size): string {
  return zoom === "fit" ? `min(100cqi, ${(70 * columns) / rows}vh)` : `${zoom * columns}px`;
}

/** Whether pixels are drawn as squares instead of being blended. */
export function showsPixels(zoom: Zoom, { rows, columns }: Size): boolean {
  return zoom === "fit" ? Math.max(rows, columns) <= smallSide : zoom >= 2;
}

/** The name for the denoised picture: "photo.jpg" -> "photo-denoised.png" */
export function denoisedName(name: string): string {
  return `${name.replace(/(?<=.)\.[^.]*$/, "")}-denoised.png`;
}

/** "the run after 3 epochs and 12 steps" */
export function whereRunStood(progress: Progress | undefined): string {
  const { epoch = 0, step = 0 } = progress ?? {};
  const parts = [
    ...(epoch > 0 ? [counted(epoch, "epoch")] : []),
    ...(step > 0 ? [counted(step, "step")] : []),
  ];
  return parts.length === 0 ? "the untrained run" : `the run after ${parts.join(" and ")}`;
}

function counted(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? "" : "s"}`;
}

/** "784-32-784 on windows of 28 × 28 grey pixels", or "conv:32x7 on grey pictures of any size" */
export function networkWords(network: NetworkSpec): string {
  const [rows, columns] = network.image;
  const colours = network.channels === 1 ? "grey" : "colour";
  if (isConvolutional(network))
    return `${formatLayers(hiddenOf(network))} on ${colours} pictures of any size`;
  return `${networkName(network)} on windows of ${columns} × ${rows} ${colours} pixels`;
}
