/** What is known of the adapter that computes. */
export interface AdapterSummary {
  /** For people, and for the files that record what was measured where: "SwiftShader driver 5.0.0 (google swiftshader)". */
  readonly name: string;
  /** Whether a processor pretends to be a GPU. */
  readonly software: boolean;
}
