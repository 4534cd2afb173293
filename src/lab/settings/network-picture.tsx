import { useRef } from "preact/hooks";
import { outputSize } from "../../spec/layers.ts";
import {
  blockValues,
  codeOf,
  isConvolutional,
  type NetworkSpec,
  networkName,
  parameterCount,
} from "../../spec/network.ts";
import { runImages } from "../run/state.ts";
import { formatCount } from "../shared/format.ts";
import { networkOf } from "./draft.ts";
import { settingsState } from "./state.ts";

/** The network that the settings describe: its layers, the code, and how many weights it has. */
export function NetworkPicture() {
  const { rows = 28, columns = 28 } = runImages.value ?? {};
  const network = networkOf(settingsState.draft.value, [rows, columns]);
  // While widths are typed there may be none; the last one is shown then, so that the form does not jump.
  const last = useRef(network);
  last.current = network ?? last.current;
  if (!last.current) return null;
  return (
    <figure
      class={network ? "network-picture" : "network-picture network-picture-past"}
      aria-hidden={!network}
    >
      <NetworkDrawing
        sizes={blockValues(last.current)}
        labels={labelsOf(last.current)}
        code={codeOf(last.current)?.depth}
        words={wordsFor(last.current)}
      />
      <figcaption>
        <strong>{networkName(last.current).replaceAll("-", " → ").replaceAll(",", ", ")}</strong>
        <br />
        {codeWords(last.current)}
        {formatCount(parameterCount(last.current))} weights
      </figcaption>
    </figure>
  );
}

/** "code size 32, " */
function codeWords(network: NetworkSpec): string {
  const code = codeOf(network);
  return code ? `code size ${formatCount(code.size)}, ` : "";
}

/** The sizes of the layers as text: the number of nodes, or for convolutions "14×14×16", rows, columns and channels. */
function labelsOf(network: NetworkSpec): string[] {
  if (!isConvolutional(network)) return blockValues(network).map(String);
  const [rows, columns] = network.image;
  const sizes = [{ rows, columns, channels: network.channels }, ...network.layers.map(outputSize)];
  return sizes.map(({ rows, columns, channels }) => `${rows}×${columns}×${channels}`);
}

/** The drawing's description in words. */
function wordsFor(network: NetworkSpec): string {
  const [pixels, ...hidden] = blockValues(network).slice(0, -1);
  const code = codeOf(network);
  const where = code ? ` The code is hidden layer ${code.depth}.` : "";
  if (isConvolutional(network)) {
    const sizes = new Intl.ListFormat("en").format(labelsOf(network).slice(1, -1));
    return `The network: a noisy picture of ${pixels} pixels, ${hidden.length} convolutions to ${sizes} values, the denoised picture.${where}`;
  }
  const layer = hidden.length === 1 ? "a hidden layer" : `${hidden.length} hidden layers`;
  const widths = new Intl.ListFormat("en").format(hidden.map(String));
  return `The network: a noisy picture of ${pixels} pixels, ${layer} of ${widths} nodes, the denoised picture.${where}`;
}

/** In units of the drawing. */
const width = 280;
const tallest = 84;
const top = 16;
const middle = top + tallest / 2;
const thickness = 8;

/** The horizontal range of the columns' middles. */
const left = 50;
const span = width - 2 * left;

/** The approximate width of a digit in a label, and of the signs between them. */
const figureWidth = 7;
const signWidth = 9.5;

function widthOf(label: string): number {
  const signs = label.split("×").length - 1;
  return (label.length - signs) * figureWidth + signs * signWidth;
}

interface NetworkDrawingProps {
  /** The number of values of every layer, from the input to the output. */
  readonly sizes: readonly number[];
  /** The same as text. */
  readonly labels: readonly string[];
  /** The index of the code; undefined if there is none. */
  readonly code: number | undefined;
  /** The drawing in words. */
  readonly words: string;
}

/** A column for each layer, whose height is the logarithm of its size, and the weights between columns. */
function NetworkDrawing({ sizes, labels, code, words }: NetworkDrawingProps) {
  const most = Math.max(...sizes);
  const gap = span / (sizes.length - 1);
  const columns = sizes.map((size, index) => ({
    size,
    x: left + gap * index,
    half: (tallest / 2) * (Math.log2(1 + size) / Math.log2(1 + most)),
  }));
  const longest = Math.max(...labels.map(widthOf));
  const upright = longest < gap;
  const height = top + tallest + 6 + (upright ? 12 : longest);
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words}>
      <DigitGlyph digit="noisy" x={0} y={middle - glyphSide / 2} />
      <DigitGlyph digit="clean" x={width - glyphSide} y={middle - glyphSide / 2} />
      {columns.slice(1).map((to, index) => (
        <Weights key={to.x} from={columns[index] ?? to} to={to} />
      ))}
      {columns.map(({ x, half }, index) => (
        <g key={x}>
          <rect
            class={index === code ? "network-code" : "network-layer"}
            x={x - thickness / 2}
            y={middle - half}
            width={thickness}
            height={2 * half}
            rx={2}
          />
          <Label text={labels[index] ?? ""} x={x} upright={upright} />
        </g>
      ))}
      {code !== undefined && (
        <text x={columns[code]?.x} y={10} text-anchor="middle">
          code
        </text>
      )}
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

/** The digit two with 7 × 7 pixels, clean and noisy: brightness from 0 to 9. */
const digits = {
  clean: ["0069960", "0094490", "0000280", "0001920", "0029100", "0193330", "0399990"],
  noisy: ["3068750", "0293491", "5001083", "0314900", "1048006", "0290521", "2698795"],
} as const;

const pixel = 4;

/** The side of a digit, in units of the drawing. */
const glyphSide = 7 * pixel;

interface DigitGlyphProps {
  readonly digit: keyof typeof digits;
  /** The upper left corner. */
  readonly x: number;
  readonly y: number;
}

/** A small picture of a digit, to be part of a drawing. */
function DigitGlyph({ digit, x, y }: DigitGlyphProps) {
  return (
    <g transform={`translate(${x} ${y})`}>
      <rect class="network-glyph-ground" width={glyphSide} height={glyphSide} />
      {digits[digit].flatMap((row, j) =>
        [...row].map((brightness, i) => (
          <rect
            key={`${i} ${j}`}
            class="network-glyph-pixel"
            x={pixel * i}
            y={pixel * j}
            width={pixel}
            height={pixel}
            fill-opacity={Number(brightness) / 9}
          />
        )),
      )}
    </g>
  );
}
