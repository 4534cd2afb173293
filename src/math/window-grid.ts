/**
 * Windows along one direction of a picture: the k-th starts at k * stride; the last one ends at the end of
 * the picture.
 * The same functions are in shaders/lib/window_grid.wgsl.
 */
export interface WindowAxis {
  /** Of the picture; at least `window`. */
  readonly length: number;
  readonly window: number;
  readonly stride: number;
  /** Windows along the axis. */
  readonly count: number;
}

/**
 * Windows that cover a picture of interleaved channels, each [down.window, across.window] values. They are
 * numbered from left to right, then downwards; the planes of a place are consecutive.
 */
export interface WindowGrid {
  /** In rows. */
  readonly down: WindowAxis;
  /** In values of one plane: columns times the channels of a window. */
  readonly across: WindowAxis;
  /** Interleaved pictures, each with its own windows: the channels of a colour picture for a grey network. */
  readonly planes: number;
}

/** Windows [rows, columns, channels], `stride` pixels apart (or [down, across]), over a picture at least as large, with as many channels or a multiple. */
export function windowGrid(
  picture: { readonly rows: number; readonly columns: number; readonly channels: number },
  window: { readonly rows: number; readonly columns: number; readonly channels: number },
  stride: number | readonly [number, number],
): WindowGrid {
  const { channels } = window;
  const [down, across] = typeof stride === "number" ? [stride, stride] : stride;
  return {
    down: windowAxis(picture.rows, window.rows, down),
    across: windowAxis(picture.columns * channels, window.columns * channels, across * channels),
    planes: picture.channels / channels,
  };
}

function windowAxis(length: number, window: number, stride: number): WindowAxis {
  if (length < window) throw new RangeError(`A window of ${window} does not fit into ${length}.`);
  return { length, window, stride, count: Math.ceil((length - window) / stride) + 1 };
}

/** The start of the k-th window. */
export function windowStart({ length, window, stride }: WindowAxis, k: number): number {
  return Math.min(k * stride, length - window);
}

/** Windows in a row of the grid, over all planes. */
export function windowsAcross({ across, planes }: WindowGrid): number {
  return across.count * planes;
}

/** All windows of a grid. */
export function windowsOf(grid: WindowGrid): number {
  return grid.down.count * windowsAcross(grid);
}

/** At each place along an axis, the sum of the weights [window] of the windows that cover it: [length]. */
export function coverage(axis: WindowAxis, weights: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const sums = new Float64Array(axis.length);
  for (let k = 0; k < axis.count; k++) {
    const start = windowStart(axis, k);
    for (let i = 0; i < axis.window; i++) sums[start + i] = (sums[start + i] ?? 0) + (weights[i] ?? 0);
  }
  return sums;
}

/** A group of rows of windows that are processed together, and the picture's rows that they need. */
export interface Band {
  /** Rows of the grid, from `first` up to, not including, `end`. */
  readonly first: number;
  readonly end: number;
  /** Rows of the picture that these windows cover, from `top` up to, not including, `bottom`. */
  readonly top: number;
  readonly bottom: number;
  /** The first row of the picture that later bands add to; the rows above it are finished with this band. */
  readonly finished: number;
}

/** Splits a grid into bands that cover at most `rows` rows of the picture, but at least one row of windows. */
export function bandsOf({ down }: WindowGrid, rows: number): Band[] {
  const windowRows = Math.max(1, Math.floor((rows - down.window) / down.stride) + 1);
  return Array.from({ length: Math.ceil(down.count / windowRows) }, (_, index) => {
    const first = index * windowRows;
    const end = Math.min(first + windowRows, down.count);
    const bottom = windowStart(down, end - 1) + down.window;
    return {
      first,
      end,
      top: windowStart(down, first),
      bottom,
      finished: end === down.count ? bottom : windowStart(down, end),
    };
  });
}
