/** Rows and columns of pixels. */
export interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** How a picture of any shape comes to have the wanted one: by its middle, cut out, or as a whole, squeezed. */
export type Fit = "middle" | "squeeze";

/** How pictures of any sizes become grey images of one size. */
export interface PictureChoices {
  readonly size: Size;
  readonly fit: Fit;
  /** Whether black becomes white, and white black. */
  readonly inverted: boolean;
}

/** Sides of squares, in pixels; more would make a network of dense layers large and slow. */
const sides = [16, 28, 32, 48, 64];

/** The side of the digits that come with the page. */
const usualSide = 28;

const largestSide = Math.max(...sides);

/** The size that all have and that a network takes without scaling; undefined if there is none. */
export function commonSize(sizes: readonly (Size | undefined)[]): Size | undefined {
  const [first] = sizes;
  if (!first || Math.max(first.rows, first.columns) > largestSide) return undefined;
  return sizes.every((size) => size && sameSize(size, first)) ? first : undefined;
}

/** The sizes to choose from, the smallest first: squares, and the pictures' own size if they share a small one. */
export function sizesFor(own: Size | undefined): Size[] {
  const squares = sides.map(square);
  if (!own || squares.some((size) => sameSize(size, own))) return squares;
  return [...squares, own].sort((a, b) => a.rows * a.columns - b.rows * b.columns);
}

/** What is chosen until a person chooses otherwise. */
export function firstChoices(own: Size | undefined): PictureChoices {
  return { size: own ?? square(usualSide), fit: "middle", inverted: false };
}

/** { rows: 20, columns: 16 } -> "16 × 20", the width first; a square is "28". */
export function sizeTitle({ rows, columns }: Size): string {
  return rows === columns ? String(rows) : `${columns} × ${rows}`;
}

function sameSize(a: Size, b: Size): boolean {
  return a.rows === b.rows && a.columns === b.columns;
}

function square(side: number): Size {
  return { rows: side, columns: side };
}
