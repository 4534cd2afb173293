import type { ComponentType } from "preact";
import { TryIt } from "./draw/try-it.tsx";
import { Inside } from "./inside/inside.tsx";
import { Prior } from "./prior/card.tsx";
import { Loss } from "./results/loss.tsx";
import { Quality } from "./results/quality.tsx";
import { KernelTimes, Readouts } from "./results/readouts.tsx";
import { isProfiling } from "./run/options.ts";
import { Runs } from "./runs/runs.tsx";

/** The cards of the results, from top to bottom. */
export const results: readonly ComponentType[] = [
  Readouts,
  Loss,
  Quality,
  Runs,
  Inside,
  TryIt,
  Prior,
  ...(isProfiling() ? [KernelTimes] : []),
];
