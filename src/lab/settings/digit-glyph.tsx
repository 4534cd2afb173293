/** A two of 7 × 7 pixels, and with snow on it: brightness from 0 to 9. */
const digits = {
  clean: ["0069960", "0094490", "0000280", "0001920", "0029100", "0193330", "0399990"],
  noisy: ["3068750", "0293491", "5001083", "0314900", "1048006", "0290521", "2698795"],
} as const;

const pixel = 4;

/** The side of a digit, in units of the drawing that it is part of. */
export const glyphSide = 7 * pixel;

interface DigitGlyphProps {
  readonly digit: keyof typeof digits;
  /** Its upper left corner. */
  readonly x: number;
  readonly y: number;
}

/** A small picture of a digit, to be part of a drawing. */
export function DigitGlyph({ digit, x, y }: DigitGlyphProps) {
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
