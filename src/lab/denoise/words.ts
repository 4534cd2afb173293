import { formatCount, formatDuration } from "../shared/format.ts";
import { whereRunStood } from "../shared/models.ts";
import type { Pixels } from "../shared/pixels.ts";
import type { DenoisedBy, DenoisedPicture } from "./protocol.ts";

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

/** The width at which a picture is shown, in CSS, within a container of inline size that is as high as denoise.css says. */
export function shownWidth(zoom: Zoom, { rows, columns }: Size): string {
  const aspect = columns / rows;
  return zoom === "fit" ? `min(100cqi, ${70 * aspect}vh, ${66 * aspect}cqi)` : `${zoom * columns}px`;
}

/** Whether pixels are drawn as squares instead of being blended. */
export function showsPixels(zoom: Zoom, { rows, columns }: Size): boolean {
  return zoom === "fit" ? Math.max(rows, columns) <= smallSide : zoom >= 2;
}

/** The names for denoised pictures, each only once: "photo.jpg" -> "photo-denoised.png", and the second one "photo-denoised-2.png" */
export function denoisedNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const stem = `${name.replace(/(?<=.)\.[^.]*$/, "")}-denoised`;
    let unique = `${stem}.png`;
    for (let count = 2; taken.has(unique); count++) unique = `${stem}-${count}.png`;
    taken.add(unique);
    return unique;
  });
}

/** The strength of noise, where white is 1: "0.098, 25 of 255" */
export function strengthWords(strength: number): string {
  return `${strength.toFixed(3)}, ${formatLevel(255 * strength)} of 255`;
}

/** 25.02 -> "25", 2.345 -> "2.3" */
function formatLevel(level: number): string {
  return level < 10 ? String(Number(level.toFixed(1))) : level.toFixed(0);
}

/** What denoised a picture: "the network for photographs", a file's name, "a network that learned from it", "the run after 3 epochs" */
export function modelWords({ model, progress }: Pick<DenoisedBy, "model" | "progress">): string {
  if (model === undefined) return whereRunStood(progress);
  if (typeof model === "object") return "file" in model ? model.file : "a network that learned from it";
  return model === "digits" ? "the network for digits" : "the network for photographs";
}

/** What was done: "Done in 1.2 s.", or for a network that learned from the picture "Done in 58 s, after learning for 3,000 steps." */
export function doneWords({ unchanged, seconds, model }: DenoisedPicture): string {
  if (unchanged) return "No noise was found, so the picture is left as it is.";
  const learned = typeof model === "object" && "steps" in model ? model : undefined;
  const steps = learned && `, after learning for ${formatCount(learned.steps)} steps`;
  return `Done in ${formatDuration(seconds)}${steps ?? ""}.`;
}
