import { checkInteger, checkNumber } from "./checks.ts";
import { InputError } from "./input-error.ts";
import { quote } from "./quote.ts";

/** The schedule of the learning rate over a run. */
export type ScheduleSpec =
  /** Constant. */
  | { readonly kind: "constant" }
  /** Half a cosine down to 0, step by step (Loshchilov and Hutter 2017, arXiv:1608.03983, without restarts). */
  | { readonly kind: "cosine" }
  /** Multiplied by `factor` after every `epochs` epochs. */
  | { readonly kind: "step"; readonly epochs: number; readonly factor: number };

/** The position of a step in a run, all counted from 0. */
export interface RunPlace {
  /** Training steps done before it, in all epochs. */
  readonly step: number;
  /** Training steps of the whole run. */
  readonly steps: number;
  /** Epochs done before it. */
  readonly epoch: number;
}

export const scheduleForms = "constant, cosine or step:30:0.1";

/** The factor of the learning rate at a step. */
export function scheduleFactor(schedule: ScheduleSpec, { step, steps, epoch }: RunPlace): number {
  switch (schedule.kind) {
    case "constant":
      return 1;
    case "cosine":
      return (1 + Math.cos((Math.PI * step) / steps)) / 2;
    case "step":
      return schedule.factor ** Math.floor(epoch / schedule.epochs);
  }
}

/** Throws an InputError when a number of the schedule is out of range. */
export function checkSchedule(schedule: ScheduleSpec): void {
  if (schedule.kind !== "step") return;
  checkInteger("The epochs between two steps of the learning rate", schedule.epochs, 1, 1_000_000);
  checkNumber("The factor of a step of the learning rate", schedule.factor, 0, 1);
}

/** Parses "constant", "cosine" or "step:30:0.1"; throws an InputError that lists the valid forms. */
export function parseSchedule(text: string): ScheduleSpec {
  const [kind, epochs = "", factor = "", ...more] = text.split(":");
  const numbers = [epochs, factor].map((word) => (word.trim() === "" ? Number.NaN : Number(word)));
  const [first = Number.NaN, second = Number.NaN] = numbers;
  if (more.length === 0 && (kind === "constant" || kind === "cosine") && text === kind) return { kind };
  if (more.length > 0 || kind !== "step" || numbers.some(Number.isNaN)) {
    throw new InputError(`The schedule ${quote(text)} is not known: write ${scheduleForms}.`);
  }
  const schedule = { kind, epochs: first, factor: second } as const;
  checkSchedule(schedule);
  return schedule;
}

/** The text form of a schedule, as accepted by parseSchedule. */
export function formatSchedule(schedule: ScheduleSpec): string {
  return schedule.kind === "step" ? `step:${schedule.epochs}:${schedule.factor}` : schedule.kind;
}
