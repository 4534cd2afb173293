/** The effect of a noise stage on a pixel x, and the range of its setting. */
interface NoiseDescription {
  readonly title: string;
  /** The name of the setting, as in "The factor of Gaussian noise". */
  readonly setting: string;
  /** The placeholder for the setting in `help`. */
  readonly letter: string;
  /** One line: the noisy value of x. */
  readonly help: string;
  readonly min: number;
  readonly max: number;
  /** The default setting. */
  readonly standard: number;
}

/** A kind of noise; for what each does to a pixel, see noiseKinds or docs/cli.md. */
export type NoiseKind =
  | "gaussian"
  | "uniform"
  | "salt-pepper"
  | "speckle"
  | "poisson"
  | "mask"
  | "blur"
  | "bands";

/** Every kind of noise, with one line per form. N(0, 1) is standard normal, U(-1, 1) uniform between -1 and 1. */
export const noiseKinds = {
  gaussian: {
    title: "Gaussian",
    setting: "The factor of Gaussian noise",
    letter: "F",
    help: "x + F N(0, 1): equally strong everywhere",
    ...{ min: 0, max: 10, standard: 0.5 },
  },
  uniform: {
    title: "Uniform",
    setting: "The amplitude of uniform noise",
    letter: "A",
    help: "x + A U(-1, 1): no pixel changes by more than A",
    ...{ min: 0, max: 10, standard: 0.5 },
  },
  "salt-pepper": {
    title: "Salt and pepper",
    setting: "The share of salt and pepper",
    letter: "P",
    help: "a pixel becomes black or white, each with probability P / 2",
    ...{ min: 0, max: 1, standard: 0.2 },
  },
  speckle: {
    title: "Speckle",
    setting: "The factor of speckle",
    letter: "F",
    help: "x + F x N(0, 1): bright pixels are noisier, as in radar and ultrasound",
    ...{ min: 0, max: 10, standard: 0.5 },
  },
  poisson: {
    title: "Poisson",
    setting: "The peak of Poisson noise",
    letter: "PEAK",
    help: "a photon count, PEAK x on average, divided by PEAK: a low peak is noisy",
    ...{ min: 0.1, max: 1_000_000, standard: 30 },
  },
  mask: {
    title: "Mask",
    setting: "The share of masked pixels",
    letter: "P",
    help: "a pixel is lost and becomes black with probability P",
    ...{ min: 0, max: 1, standard: 0.5 },
  },
  blur: {
    title: "Blur",
    setting: "The sigma of blur",
    letter: "SIGMA",
    help: "a picture out of focus: Gaussian blur of SIGMA pixels; the first stage only",
    ...{ min: 0, max: 3, standard: 1 },
  },
  bands: {
    title: "Bands",
    setting: "The factor of bands",
    letter: "F",
    help: "x + F N(0, 1), one number per row: the row banding of a sensor",
    ...{ min: 0, max: 10, standard: 0.1 },
  },
} as const satisfies Record<NoiseKind, NoiseDescription>;

export const noiseKindNames = Object.keys(noiseKinds) as NoiseKind[];

/** Names for several consecutive stages, with their settings in this order. */
export const noiseBlends = {
  "poisson-gaussian": {
    kinds: ["poisson", "gaussian"],
    form: "poisson-gaussian:PEAK:F",
    help: "a camera's sensor: poisson:PEAK, then gaussian:F for the read-out",
  },
} as const satisfies Record<string, { kinds: readonly NoiseKind[]; form: string; help: string }>;

/** The text form and effect of every noise: the source of the table in help texts. */
export function noiseTable(): readonly (readonly [form: string, help: string])[] {
  return [
    ["none", "x unchanged, or the measured noisy twin if there is one"],
    ...noiseKindNames.map((kind) => {
      const { letter, help } = noiseKinds[kind];
      return [`${kind}:${letter}`, help] as const;
    }),
    ...Object.values(noiseBlends).map(({ form, help }) => [form, help] as const),
  ];
}
