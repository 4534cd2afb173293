import { useLayoutEffect, useRef } from "preact/hooks";
import type { Pixels } from "../shared/pixels.ts";

interface PixelCanvasProps {
  readonly title: string;
  readonly kind: "before" | "after";
  readonly pixels: Pixels;
}

/** A decoded picture, one pixel of the canvas for each. */
export function PixelCanvas({ title, kind, pixels }: PixelCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { rows, columns, rgba } = pixels;
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    context?.putImageData(new ImageData(rgba, columns, rows), 0, 0);
  }, [rgba, rows, columns]);
  return (
    <canvas
      ref={canvas}
      class={`comparison-${kind}`}
      width={columns}
      height={rows}
      role="img"
      aria-label={title}
    />
  );
}
