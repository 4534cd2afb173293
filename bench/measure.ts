import type { Shape } from "./shapes.ts";
import type { Session, System } from "./system.ts";
import type { Counts } from "./webgpu-counts.ts";

/** The result of a system on a shape. */
export interface Result {
  readonly system: string;
  readonly device: string;
  /** After `shape.lossSteps` steps from the common initial weights. */
  readonly loss: number;
  readonly stepsPerBlock: number;
  /** Per step, for each round. */
  readonly milliseconds: readonly number[];
  /** WebGPU calls per step. */
  readonly counts?: Counts;
}

/** A step of at least this many milliseconds is timed once, in the steps to the loss that is compared. */
const slowStep = 20_000;

/** How long and how often to measure. */
export interface Effort {
  readonly rounds: number;
  /** The wanted duration of a block of steps in seconds. */
  readonly block: number;
  /** The longest wait for the first steps in seconds. */
  readonly limit: number;
}

/** A system that failed, and the reason. */
export interface Failure {
  readonly system: string;
  readonly failure: string;
}

/** An open session with a known block size. */
interface Runner {
  readonly system: string;
  readonly session: Session;
  readonly loss: number;
  readonly steps: number;
  readonly counts: Counts | undefined;
  readonly milliseconds: number[];
  /** Whether `milliseconds` is complete before the rounds. */
  readonly slow: boolean;
}

/**
 * Measures systems on a shape. Each one first trains to the loss that is compared and determines the number of steps
 * in a block. Then all of them run their blocks in turn, so that a slowdown of the machine affects all of them.
 */
export async function measureShape(
  systems: readonly System[],
  shape: Shape,
  effort: Effort,
  say: (progress: string) => void,
): Promise<(Result | Failure)[]> {
  const runners: Runner[] = [];
  const failures: Failure[] = [];
  for (const system of systems) {
    say(`${shape.name}: ${system.name}`);
    try {
      runners.push(await prepare(system, shape, effort));
    } catch (error) {
      failures.push({ system: system.name, failure: messageOf(error) });
    }
  }
  for (let round = 1; round <= effort.rounds; round++) {
    say(`${shape.name}: round ${round} of ${effort.rounds}`);
    for (const { session, steps, milliseconds, slow } of runners) {
      if (!slow) milliseconds.push((await session.run(steps)).milliseconds / steps);
    }
  }
  await Promise.all(runners.map(({ session }) => session.close()));
  const results = runners.map(({ system, session, loss, steps, counts, milliseconds }) => ({
    system,
    device: session.device,
    loss,
    stepsPerBlock: steps,
    milliseconds,
    ...(counts && { counts: perStep(counts, steps) }),
  }));
  return [...results, ...failures];
}

async function prepare(system: System, shape: Shape, { block, limit }: Effort): Promise<Runner> {
  const session = await system.open(shape);
  try {
    const { loss, milliseconds } = await within(limit, session.run(shape.lossSteps));
    const time = milliseconds / shape.lossSteps;
    if (time >= slowStep) {
      const result = { system: system.name, session, loss, steps: shape.lossSteps };
      return { ...result, counts: undefined, milliseconds: [time], slow: true };
    }
    const steps = await sizeBlock(session, shape.lossSteps, 1000 * block);
    // Another run, so that the next, counted one is the second block of this size, with nothing left to prepare.
    await session.run(steps);
    const counts = await session.count(steps);
    return { system: system.name, session, loss, steps, counts, milliseconds: [], slow: false };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** The result of a system's first steps, or an error after so many seconds; the system must then be closed. */
export async function within<R>(seconds: number, steps: Promise<R>): Promise<R> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `The first steps took longer than ${seconds} seconds.`;
    timer = setTimeout(() => reject(new Error(message)), 1000 * seconds);
  });
  try {
    return await Promise.race([steps, late]);
  } finally {
    clearTimeout(timer);
    // They fail when the system is closed.
    steps.catch(() => {});
  }
}

/**
 * The number of steps for the wanted block time. It is determined with growing blocks, which also warm the system up.
 */
async function sizeBlock(session: Session, firstSteps: number, wanted: number): Promise<number> {
  const { maxSteps } = session;
  let steps = Math.min(firstSteps, maxSteps);
  while (true) {
    const { milliseconds } = await session.run(steps);
    const fitting = Math.max(1, Math.min(maxSteps, Math.round((wanted * steps) / milliseconds)));
    if (milliseconds > wanted / 3 || fitting <= steps) return fitting;
    steps = fitting;
  }
}

function perStep(counts: Counts, steps: number): Counts {
  const entries = Object.entries(counts).map(([name, count]) => [name, count / steps]);
  return Object.fromEntries(entries) as Counts;
}

/** The result with the smallest median time. */
export function fastestOf(results: readonly Result[]): Result | undefined {
  return [...results].sort((a, b) => median(a.milliseconds) - median(b.milliseconds))[0];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

/** The first line of an error's message, without the call that a page adds. */
export function messageOf(error: unknown): string {
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return line.replace(/^page\.evaluate: (Error: )?/, "");
}
