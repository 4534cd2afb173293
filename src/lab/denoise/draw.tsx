import { useSignalEffect } from "@preact/signals";
import { followDrawing, followFilters, followLearning, followPad } from "./draw.ts";
import { DrawnImages } from "./drawing-view.tsx";
import { DrawnNoise } from "./drawn-noise.tsx";
import { Pad } from "./pad.tsx";
import { PadTools } from "./pad-tools.tsx";

/** A drawing, and beside it what network and filters make of it under noise. */
export function Draw() {
  useSignalEffect(followPad);
  useSignalEffect(followDrawing);
  useSignalEffect(followLearning);
  useSignalEffect(followFilters);
  return (
    <div class="draw">
      <div class="draw-side">
        <Pad />
        <PadTools />
      </div>
      <div class="draw-side">
        <DrawnNoise />
        <DrawnImages />
      </div>
    </div>
  );
}
