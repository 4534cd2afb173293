import type { ComponentType } from "preact";
import { store } from "../store.ts";
import { Inside } from "./inside/inside.tsx";
import { KernelTimes } from "./kernel-times.tsx";
import { Loss } from "./loss.tsx";
import { Quality } from "./quality.tsx";
import { Readouts } from "./readouts.tsx";
import { Runs } from "./runs/runs.tsx";
import { TryIt } from "./try-it.tsx";

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
