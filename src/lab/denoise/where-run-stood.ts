import type { Progress } from "../../training/trainer.ts";
import { formatCount } from "../shared/format.ts";

/** "the run after 3 epochs and 12 steps" */
export function whereRunStood(progress: Progress | undefined): string {
  const { epoch = 0, step = 0 } = progress ?? {};
  const parts = [
    ...(epoch > 0 ? [counted(epoch, "epoch")] : []),
    ...(step > 0 ? [counted(step, "step")] : []),
  ];
  return parts.length === 0 ? "the untrained run" : `the run after ${parts.join(" and ")}`;
}

function counted(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? "" : "s"}`;
}
