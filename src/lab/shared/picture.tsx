import { useLayoutEffect, useRef } from "preact/hooks";

interface PictureProps {
  /** Undefined for a decorative picture. */
  readonly title?: string;
  /** [rows, columns] in [0, 1], black to white. */
  readonly pixels: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** A grey picture, one pixel of the canvas for each. */
export function Picture({ title, pixels, rows, columns }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const image = context.createImageData(columns, rows);
    pixels.forEach((value, index) => {
      image.data.fill(Math.round(255 * value), 4 * index, 4 * index + 3);
      image.data[4 * index + 3] = 255;
    });
    context.putImageData(image, 0, 0);
  }, [pixels, rows, columns]);
  const spoken =
    title === undefined ? { "aria-hidden": true } : { role: "img" as const, "aria-label": title };
  return <canvas ref={canvas} class="picture" width={columns} height={rows} {...spoken} />;
}
