import { InputError } from "../../spec/input-error.ts";

/** The bytes of a file that lies beside the page at `base`; throws an InputError that names it when it cannot be loaded. */
export async function fetchBytes(base: string, file: string): Promise<Uint8Array<ArrayBuffer>> {
  const failed = (cause: unknown) => {
    throw new InputError(`${file} could not be loaded: the connection failed.`, { cause });
  };
  const response = await fetch(new URL(file, base)).catch(failed);
  if (!response.ok)
    throw new InputError(`${file} could not be loaded: the server answered ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer().catch(failed));
}
