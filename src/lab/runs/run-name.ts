import { autoencoder, networkName } from "../../spec/network.ts";
import { differencesFromDefault, type SetRun } from "./run-settings.ts";

/** The most characters of a run's name. */
export const longestName = 80;

/** The most characters of a file's name, so that with an ending it is short enough for every system's 255 bytes. */
const longestStem = 50;

/** Differences from the default run that a generated name lists. */
const differencesTold = 3;

/** Control characters, and those that turn the direction of text, parts of no name. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;

/** Names that Windows keeps for devices, whatever follows their first dot. */
const deviceName = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;

/** "784-32-784, adam, seed 7": the network, and where the run differs from the default one. */
export function madeUpName(run: SetRun): string {
  const { images, spec } = run;
  const network = networkName(autoencoder([images.rows, images.columns], spec.hidden));
  return tidyName([network, ...differencesFromDefault(run).slice(0, differencesTold)].join(", "));
}

/** A name as it is kept: in one line, without what cannot be seen, and not too long; empty where nothing is left. */
export function tidyName(text: string): string {
  // Cut first, because a name in a file may be of any length.
  const visible = text
    .slice(0, 4 * longestName)
    .replace(/\s/g, " ")
    .replace(unprintable, "")
    .replace(/ +/g, " ")
    .trim();
  return [...visible].slice(0, longestName).join("").trim();
}

/** The name, with a number behind it where it is taken: "784-32-784 (2)". */
export function uniqueName(name: string, taken: Iterable<string>): string {
  const others = new Set(taken);
  if (!others.has(name)) return name;
  for (let number = 2; ; number++) {
    const suffix = ` (${number})`;
    const numbered = `${[...name].slice(0, longestName - suffix.length).join("")}${suffix}`;
    if (!others.has(numbered)) return numbered;
  }
}

/** What a run's files are called, without their ending: a file name on every system. */
export function fileStem(name: string): string {
  const plain = tidyName(name)
    .normalize("NFC")
    .replace(/[^\p{L}\p{M}\p{N},._ ()+-]+/gu, "-")
    .replace(/\s+/g, " ");
  const stem = [...plain]
    .slice(0, longestStem)
    .join("")
    .replace(/^[\s.-]+|[\s.-]+$/g, "");
  if (stem === "") return "run";
  return deviceName.test(stem) ? `run ${stem}` : stem;
}
