import { signal } from "@preact/signals";
import type { FilterName } from "../../filters/filter.ts";
import type { FilterResult, SampleScores } from "../protocol.ts";
import type { EpochRange } from "./curves.ts";
import type { ScoreName } from "./levels.ts";

/** How a chart's losses are spread over its height. */
export type LossScale = "linear" | "log";

/** The state of the charts and of what the network is held against, a part of the page's store. */
export const resultsState = {
  lossScale: signal<LossScale>("linear"),

  /** The epochs that both charts show; undefined for all. */
  zoom: signal<EpochRange | undefined>(undefined),

  /** The score that is drawn. */
  score: signal<ScoreName>("psnr"),

  /** The run's scores on its sample: untrained, and after epochs. Not after every one where epochs are short. */
  scores: signal<readonly SampleScores[]>([]),

  /** The classical filters that are tuned and scored, in the order in which they came. */
  filters: signal<readonly FilterResult[]>([]),

  /** The filter that is being tuned. */
  tuning: signal<FilterName | undefined>(undefined),

  /** Why the filters could not be compared: one sentence. */
  fault: signal<string | undefined>(undefined),
};
