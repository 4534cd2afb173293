import { type NoiseSpec, noNoise } from "../../spec/noise.ts";
import { type NoiseKind, noiseKindNames, noiseKinds } from "../../spec/noise-kinds.ts";
import { formatNoise, formatSetting, parseNoise } from "../../spec/noise-text.ts";

/** A single kind of noise, none, or any noise in its text form. */
export type NoiseChoice = NoiseKind | "none" | "mixture";

/** The form's contents for the noise. */
export interface NoiseDraft {
  readonly noiseChoice: NoiseChoice;
  /** The kind's setting, or the mixture's text; not used if there is no noise. */
  readonly noise: string;
}

export const noiseChoices: readonly { readonly value: NoiseChoice; readonly title: string }[] = [
  { value: "none", title: "None" },
  ...noiseKindNames.map((kind) => ({ value: kind, title: noiseKinds[kind].title })),
  { value: "mixture", title: "Mixture" },
];

/** The draft of `noise`. */
export function noiseDraftOf(noise: NoiseSpec): NoiseDraft {
  const [stage, ...others] = noise.stages;
  if (!stage) return { noiseChoice: "none", noise: "" };
  if (others.length === 0 && noise.clip) {
    return { noiseChoice: stage.kind, noise: formatSetting(stage.setting) };
  }
  return { noiseChoice: "mixture", noise: formatNoise(noise) };
}

/** The draft after another noise is chosen: with the kind's standard setting, or with the previous noise as text. */
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
