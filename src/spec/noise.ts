import { checkNumber } from "./checks.ts";
import { InputError } from "./input-error.ts";

/** What is done to a clean image x in [0, 1] before the network sees it. */
export type NoiseSpec =
  /** Nothing: x~ = x, or the measured noisy twin where there is one. */
  | { readonly kind: "none" }
  /** x~ = clip(x + factor * N(0, 1)) to [0, 1]. */
  | { readonly kind: "gaussian"; readonly factor: number };

export type NoiseKind = NoiseSpec["kind"];

/** One line a noise: its text form, and how the numbers behind its name are read. */
const noises: {
  readonly [K in NoiseKind]: {
    readonly form: string;
    readonly read: (settings: readonly number[]) => NoiseSpec;
  };
} = {
  none: { form: "none", read: () => ({ kind: "none" }) },
  gaussian: {
    form: "gaussian:0.5",
    read: ([factor = 0.5]) => ({ kind: "gaussian", factor }),
  },
};

const noiseKinds = Object.keys(noises) as NoiseKind[];

/** The numbers that set a noise, in the order of its text form and of its uniform on the device. */
export function noiseSettings(noise: NoiseSpec): readonly number[] {
  switch (noise.kind) {
    case "none":
      return [];
    case "gaussian":
      return [noise.factor];
  }
}

/** Throws an InputError when a number of the noise is out of range. */
export function checkNoise(noise: NoiseSpec): void {
  switch (noise.kind) {
    case "none":
      return;
    case "gaussian":
      checkNumber("The factor of Gaussian noise", noise.factor, 0, 10);
  }
}

/** Reads "gaussian:0.5" or "none"; throws an InputError that names the forms there are. */
export function parseNoise(text: string): NoiseSpec {
  const [name, ...words] = text.split(":");
  const kind = noiseKinds.find((known) => known === name);
  const settings = words.map((word) => (word.trim() === "" ? Number.NaN : Number(word)));
  if (!kind || settings.some(Number.isNaN) || words.length >= noises[kind].form.split(":").length) {
    const forms = noiseKinds.map((known) => noises[known].form).join(" or ");
    throw new InputError(`The noise "${text}" is not known: write ${forms}.`);
  }
  const noise = noises[kind].read(settings);
  checkNoise(noise);
  return noise;
}

/** The text form of a noise, which parseNoise reads back. */
export function formatNoise(noise: NoiseSpec): string {
  return [noise.kind, ...noiseSettings(noise)].join(":");
}
