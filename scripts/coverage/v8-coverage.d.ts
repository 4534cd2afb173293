/** The part in use of a package without types. */
declare module "@bcoe/v8-coverage" {
  /** V8's counts for one script (chromedevtools.github.io/devtools-protocol/v8/Profiler). */
  export interface ScriptCov {
    readonly scriptId: string;
    readonly url: string;
    readonly functions: {
      functionName: string;
      isBlockCoverage: boolean;
      ranges: { startOffset: number; endOffset: number; count: number }[];
    }[];
  }

  /** The sum of the counts; undefined if there are none. */
  export function mergeScriptCovs(scripts: readonly ScriptCov[]): ScriptCov | undefined;
}
