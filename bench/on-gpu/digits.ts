import { readFileSync } from "node:fs";
import type { DigitFiles } from "../../vite/digits.ts";

const file = (name: string) => readFileSync(new URL(`../../dist/cli/digits/${name}.idx.gz`, import.meta.url));

/** The digits of the built program: in an archive, where the package `mnist` is not, these stand for vite/digits.ts. */
export function digitFiles(): DigitFiles {
  return { images: file("images"), labels: file("labels") };
}
