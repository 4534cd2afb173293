import type { Lab } from "../../e2e/support/page.ts";
import type { StaticServer } from "../../e2e/support/static-server.ts";

/** A new page of the built lab, in a browser that was just started, before it is opened. */
export interface OpenPage {
  readonly lab: Lab;
  /** Serves the built page, and knows what was asked for. */
  readonly server: StaticServer;
}

/** A measured number. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  /** "ms", "kB"; nothing for counts. */
  readonly unit: string;
}
