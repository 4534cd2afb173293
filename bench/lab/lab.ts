import type { Lab } from "../../e2e/support/page.ts";
import type { StaticServer } from "../../e2e/support/static-server.ts";

/** A new page for the built lab, in a newly started browser, before it is opened. */
export interface OpenPage {
  readonly lab: Lab;
  /** Serves the built page and records its requests. */
  readonly server: StaticServer;
}

/** A measured number. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  /** "ms", "kB"; empty for counts. */
  readonly unit: string;
}
