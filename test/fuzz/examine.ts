import { InputError } from "../../src/spec/input-error.ts";
import { measured } from "./allocation-guard.ts";
import type { Target } from "./target.ts";

/** The limits for reading one hostile input. CPU time depends on the machine, so only `npm run fuzz` limits it. */
const limits = {
  milliseconds: import.meta.env.MODE === "fuzz" ? 1000 : Number.POSITIVE_INFINITY,
  bytes: 64 * 2 ** 20,
  message: 400,
} as const;

/** The result for an input. */
export interface Outcome {
  readonly accepted: boolean;
  /** What was wrong when it was read; undefined if nothing. */
  readonly fault?: string | undefined;
}

/** Reads an input as the product does, reads the written result again, and checks memory and messages, in `npm run fuzz` also time. */
export async function examine<I>(target: Target<I>, input: I): Promise<Outcome> {
  const first = await readOnce(target, input);
  // CPU time, because a pause of a busy machine is not caused by the parser.
  const slow = first.fault === undefined && first.costs;
  const costs = slow ? (await readOnce(target, input)).costs : undefined;
  return { accepted: first.accepted, fault: first.fault ?? costs };
}

async function readOnce<I>(target: Target<I>, input: I): Promise<Outcome & { readonly costs?: string }> {
  const start = process.cpuUsage();
  const { result, taken } = await measured(() => read(target, input));
  const { user, system } = process.cpuUsage(start);
  const milliseconds = (user + system) / 1000;
  const costs = [
    ...(milliseconds > limits.milliseconds
      ? [`it took ${Math.round(milliseconds)} ms of the processor`]
      : []),
    ...(taken.asked > limits.bytes ? [`it asked for ${taken.asked} bytes`] : []),
    ...(taken.grown > limits.bytes ? [`the heap grew by ${taken.grown} bytes`] : []),
  ].join(", and ");
  return { ...result, ...(costs !== "" && { costs }) };
}

async function read<I>(target: Target<I>, input: I): Promise<Outcome> {
  let encoded: I | undefined;
  try {
    encoded = await target.read(input);
  } catch (error) {
    return { accepted: false, fault: faultOfRefusal(error) };
  }
  if (encoded === undefined) return { accepted: true };
  try {
    const again = await target.read(encoded);
    const same = again !== undefined && Buffer.from(again as string).equals(Buffer.from(encoded as string));
    return { accepted: true, fault: same ? undefined : "what was read does not read the same again" };
  } catch (error) {
    return { accepted: true, fault: `what was read is refused when it is read again: ${String(error)}` };
  }
}

function faultOfRefusal(error: unknown): string | undefined {
  if (!(error instanceof InputError))
    return `it threw ${error instanceof Error ? error.stack : String(error)}`;
  return faultOfSentence(error.message);
}

/** Why a message is not one sentence that can be shown; undefined if it is. */
export function faultOfSentence(message: string): string | undefined {
  if (!message.endsWith(".")) return `the message does not end as a sentence does: ${message.slice(-100)}`;
  if (/[\n\r\u2028\u2029\0]/.test(message))
    return `the message has several lines: ${JSON.stringify(message)}`;
  if (message.length > limits.message)
    return `the message has ${message.length} characters: ${message.slice(0, 500)}`;
  return undefined;
}
