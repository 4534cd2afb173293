/** The bindings of every classical filter: shaders/lib/plane_filter.wgsl. */
export const planeFilterBindings = { planes: "uniform", noisy: "read", denoised: "readWrite" } as const;

/** Pixels that an invocation each of these filters' workgroups covers. */
export const planeFilterWorkgroup = [8, 8] as const;

/** What a classical filter does with planes of one shape, as `struct Planes` has it. */
export interface PlaneFilter {
  readonly rows: number;
  readonly columns: number;
  /** The rows of all planes that a dispatch filters: from `first` up to, not including, `end`. */
  readonly first: number;
  readonly end: number;
  /** How many pixels the window reaches from its middle. */
  readonly radius: number;
  readonly falloff?: number;
  readonly setting?: number;
}

/** `struct Planes`; the last word is padding. */
export function planeFilterUniform(filter: PlaneFilter): Uint32Array<ArrayBuffer> {
  const { rows, columns, first, end, radius, falloff = 0, setting = 0 } = filter;
  const words = new Uint32Array(8);
  words.set([rows, columns, first, end, radius]);
  new Float32Array(words.buffer).set([falloff, setting], 5);
  return words;
}
