import type { Page } from "@playwright/test";

/** A task in a trace (docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU). */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Wall-clock microseconds, and the CPU time of its thread within them. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

export interface Task {
  /** Wall-clock milliseconds. */
  readonly duration: number;
  /**
   * CPU time in milliseconds. A software GPU computes on the same cores as the page, and a task that waits for a core
   * takes long by wall-clock time although it does little. On such machines, use this figure.
   */
  readonly worked: number;
}

/** Records the tasks of the page's main thread until `during` is done. */
export async function tasksWhile(page: Page, during: () => Promise<unknown>): Promise<Task[]> {
  const browser = page.context().browser();
  if (!browser) throw new Error("The page's browser cannot be traced.");
  await browser.startTracing(page, { categories: ["disabled-by-default-devtools.timeline"] });
  await during();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[];
  };
  const mainThreads = traceEvents
    .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
    .map(({ pid, tid }) => `${pid} ${tid}`);
  return traceEvents
    .filter(({ name, pid, tid }) => name === "RunTask" && mainThreads.includes(`${pid} ${tid}`))
    .map(({ dur = 0, tdur = 0 }) => ({ duration: dur / 1000, worked: tdur / 1000 }));
}

/** The longest CPU time of a task, in milliseconds. */
export function hardest(tasks: readonly Task[]): number {
  return Math.max(0, ...tasks.map(({ worked }) => worked));
}
