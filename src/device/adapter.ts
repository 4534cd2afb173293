/** Information about the adapter in use. */
export interface AdapterSummary {
  /** For users, and for files that record measurements: "SwiftShader driver 5.0.0 (google swiftshader)". */
  readonly name: string;
  /** Whether the adapter is a software implementation on the processor. */
  readonly software: boolean;
}

/** The part of an adapter's name that its rounding depends on: the CPU's threads change no bit. */
export function roundingOf(adapterName: string): string {
  return adapterName.replace(/^(CPU \(.*), \d+ threads?\)$/, "$1)");
}
