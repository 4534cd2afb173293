import type { Page } from "@playwright/test";

/** The milliseconds that the page may keep a person waiting at most (web.dev/articles/rail). */
export const longestTask = 50;

/** What a trace tells of a task (docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU). */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds that it took, and those of them that its thread had a processor. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

export interface Task {
  /** Milliseconds by the clock, and of a processor. */
  readonly duration: number;
  readonly worked: number;
}

/** The tasks of the page's main thread while `during` is awaited. */
export async function tasksWhile(page: Page, during: () => Promise<unknown>): Promise<Task[]> {
  const browser = page.context().browser();
  if (!browser) throw new Error("Only a browser of one's own can be traced.");
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
