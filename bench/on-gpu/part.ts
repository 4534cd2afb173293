/** What a part has to report. */
export interface Report {
  /** Paragraphs and tables, in Markdown. */
  readonly markdown: readonly string[];
  /** The same figures for programs. */
  readonly figures: unknown;
  /** What was computed incorrectly, one sentence each. */
  readonly failures: readonly string[];
  /** Why the part cannot run here, in one sentence. */
  readonly skipped?: string;
}

/** A part: `dry` makes it as short as possible, to try the archive itself; `save` takes all that there is so far. */
export type Part = (
  dry: boolean,
  save: (report: Report) => void,
  say: (progress: string) => void,
) => Promise<void>;
