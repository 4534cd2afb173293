import type { ComponentType } from "preact";
import { TryIt } from "./denoise/try-it.tsx";
import { Inside } from "./inside/inside.tsx";
import { KernelTimes } from "./results/kernel-times.tsx";
import { Loss } from "./results/loss.tsx";
import { Quality } from "./results/quality.tsx";
import { Readouts } from "./results/readouts.tsx";
import { Runs } from "./runs/runs.tsx";
import { store } from "./store.ts";

/** What comes out, from the top down. */
export const results: readonly ComponentType[] = [
  Readouts,
  Loss,
  Quality,
  Runs,
  Inside,
  TryIt,
  ...(store.profiling ? [KernelTimes] : []),
];
