import { useLayoutEffect, useRef } from "preact/hooks";
import { type WeightColors, weightPixels } from "./weight-colors.ts";

interface FilterImageProps {
  readonly title: string;
  /** [rows, columns] */
  readonly weights: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** The magnitude at the colours' ends. */
  readonly greatest: number;
  readonly colors: WeightColors;
}

/** Weights as a picture, one pixel of the canvas for each. */
export function FilterImage({ title, weights, rows, columns, greatest, colors }: FilterImageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const pixels = weightPixels(weights, greatest, colors);
    canvas.current?.getContext("2d")?.putImageData(new ImageData(pixels, columns, rows), 0, 0);
  }, [weights, rows, columns, greatest, colors]);
  return (
    <canvas ref={canvas} class="filter-image" width={columns} height={rows} role="img" aria-label={title} />
  );
}
