import type { Page } from "@playwright/test";

/** What a trace says about a task (docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU). */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds by the clock, and those of them that its thread had a processor. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

export interface Task {
  /** Milliseconds by the clock. */
  readonly duration: number;
  /**
   * Milliseconds of a processor. A software GPU computes on the cores that the page runs on, and a task that waits for one is long by
   * the clock although it does little: on such machines this is the figure to look at.
   */
  readonly worked: number;
}

/** The tasks of the page's main thread until `during` is done. */
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

/** The most work of a task, in milliseconds. */
export function hardest(tasks: readonly Task[]): number {
  return Math.max(0, ...tasks.map(({ worked }) => worked));
}
