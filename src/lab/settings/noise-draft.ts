import { type NoiseSpec, noNoise } from "../../spec/noise.ts";
import { type NoiseKind, noiseKindNames, noiseKinds } from "../../spec/noise-kinds.ts";
import { formatNoise, formatSetting, parseNoise } from "../../spec/noise-text.ts";

/** One kind of noise by itself, none, or any noise in its text form. */
export type NoiseChoice = NoiseKind | "none" | "mixture";

/** What the form says of the noise. */
export interface NoiseDraft {
  readonly noiseChoice: NoiseChoice;
  /** The kind's setting, or the mixture's text; of no matter where there is no noise. */
  readonly noise: string;
}

export const noiseChoices: readonly { readonly value: NoiseChoice; readonly title: string }[] = [
  { value: "none", title: "None" },
  ...noiseKindNames.map((kind) => ({ value: kind, title: noiseKinds[kind].title })),
  { value: "mixture", title: "Mixture" },
];

/** The draft that reads as `noise`. */
export function noiseDraftOf(noise: NoiseSpec): NoiseDraft {
  const [stage, ...others] = noise.stages;
  if (!stage) return { noiseChoice: "none", noise: "" };
  if (others.length === 0 && noise.clip) {
    return { noiseChoice: stage.kind, noise: formatSetting(stage.setting) };
  }
  return { noiseChoice: "mixture", noise: formatNoise(noise) };
}

/** What `draft` becomes when another noise is chosen: a kind's standard setting, or the text of what there was. */
export function chosenNoise(draft: NoiseDraft, noiseChoice: NoiseChoice): NoiseDraft {
  if (noiseChoice === "none") return { noiseChoice, noise: "" };
  if (noiseChoice !== "mixture") return { noiseChoice, noise: String(noiseKinds[noiseChoice].standard) };
  const noise = draft.noiseChoice === "none" ? "blur:1+gaussian:0.1" : noiseText(draft);
  return { noiseChoice, noise };
}

/** Reads the draft; throws an InputError that says what is wrong. */
export function readNoiseDraft(draft: NoiseDraft): NoiseSpec {
  return draft.noiseChoice === "none" ? noNoise : parseNoise(noiseText(draft));
}

function noiseText({ noiseChoice, noise }: NoiseDraft): string {
  return noiseChoice === "mixture" ? noise : `${noiseChoice}:${noise}`;
}
