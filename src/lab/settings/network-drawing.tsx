import { DigitGlyph, glyphSide } from "./digit-glyph.tsx";

/** In units of the drawing. */
const width = 280;
const tallest = 84;
const top = 16;
const middle = top + tallest / 2;
const thickness = 8;

/** From the first column's middle to the last one's. */
const left = 50;
const span = width - 2 * left;

/** About how wide a figure of a label is. */
const figureWidth = 6.4;

interface NetworkDrawingProps {
  /** Values of every layer, from picture to picture. */
  readonly sizes: readonly number[];
  /** The index of the code. */
  readonly code: number;
  /** The drawing in words. */
  readonly words: string;
}

/** A column for each layer, as high as the logarithm of its size, and between two of them the weights. */
export function NetworkDrawing({ sizes, code, words }: NetworkDrawingProps) {
  const most = Math.max(...sizes);
  const gap = span / (sizes.length - 1);
  const columns = sizes.map((size, index) => ({
    size,
    x: left + gap * index,
    half: (tallest / 2) * (Math.log2(1 + size) / Math.log2(1 + most)),
  }));
  const digits = String(most).length;
  const upright = digits * figureWidth < gap;
  const height = top + tallest + 6 + (upright ? 12 : digits * figureWidth);
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words}>
      <DigitGlyph digit="noisy" x={0} y={middle - glyphSide / 2} />
      <DigitGlyph digit="clean" x={width - glyphSide} y={middle - glyphSide / 2} />
      {columns.slice(1).map((to, index) => (
        <Weights key={to.x} from={columns[index] ?? to} to={to} />
      ))}
      {columns.map(({ size, x, half }, index) => (
        <g key={x}>
          <rect
            class={index === code ? "network-code" : "network-layer"}
            x={x - thickness / 2}
            y={middle - half}
            width={thickness}
            height={2 * half}
            rx={2}
          />
          <Label text={String(size)} x={x} upright={upright} />
        </g>
      ))}
      <text x={columns[code]?.x} y={10} text-anchor="middle">
        code
      </text>
    </svg>
  );
}

interface Column {
  readonly x: number;
  readonly half: number;
}

function Weights({ from, to }: { readonly from: Column; readonly to: Column }) {
  const [start, end] = [from.x + thickness / 2, to.x - thickness / 2];
  const corners = [
    [start, middle - from.half],
    [end, middle - to.half],
    [end, middle + to.half],
    [start, middle + from.half],
  ];
  return <polygon class="network-weights" points={corners.map((corner) => corner.join(",")).join(" ")} />;
}

function Label({
  text,
  x,
  upright,
}: {
  readonly text: string;
  readonly x: number;
  readonly upright: boolean;
}) {
  const y = top + tallest + 6;
  if (upright) {
    return (
      <text x={x} y={y + 8} text-anchor="middle">
        {text}
      </text>
    );
  }
  return (
    <text transform={`translate(${x + 4} ${y}) rotate(-90)`} text-anchor="end">
      {text}
    </text>
  );
}
