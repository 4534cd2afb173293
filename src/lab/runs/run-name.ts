import { autoencoder, networkName } from "../../spec/network.ts";
import { differencesFromDefault, type SetRun } from "./run-settings.ts";

/** The maximum length of a run's name, in characters. */
export const longestName = 80;

/** The maximum length of a file's name, in characters, so that it has at most 255 bytes with an ending, as all systems allow. */
const longestStem = 50;

/** The maximum number of differences from the default run that a generated name lists. */
const differencesTold = 3;

/** Control characters, and those that change the direction of text, which names do not have. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;

/** Names that Windows reserves for devices, whatever follows their first dot. */
const deviceName = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;

/** "784-32-784, adam, seed 7": the network, and the differences from the default run. */
export function madeUpName(run: SetRun): string {
  const { images, spec } = run;
  const network = networkName(autoencoder([images.rows, images.columns], spec.hidden));
  return tidyName([network, ...differencesFromDefault(run).slice(0, differencesTold)].join(", "));
}

/** A name as it is stored: in one line, without invisible characters, and not too long; empty if nothing is left. */
export function tidyName(text: string): string {
  // Truncated first, because a name in a file may have any length.
  const visible = text
    .slice(0, 4 * longestName)
    .replace(/\s/g, " ")
    .replace(unprintable, "")
    .replace(/ +/g, " ")
    .trim();
  return [...visible].slice(0, longestName).join("").trim();
}

/** The name, with a number if it is taken: "784-32-784 (2)". */
export function uniqueName(name: string, taken: Iterable<string>): string {
  const others = new Set(taken);
  if (!others.has(name)) return name;
  for (let number = 2; ; number++) {
    const suffix = ` (${number})`;
    const numbered = `${[...name].slice(0, longestName - suffix.length).join("")}${suffix}`;
    if (!others.has(numbered)) return numbered;
  }
}

/** The name of a run's files without the ending; valid on every system. */
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
