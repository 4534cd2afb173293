import { meanPsnr } from "../../metrics/psnr.ts";
import type { Outcome } from "./draw-state.ts";

/** How near an outcome comes to the drawing, in dB. */
export function psnrOf({ clean, plane }: Outcome): number {
  return meanPsnr(plane.values, clean.values, clean.values.length);
}
