import { type NetworkSpec, networkName } from "../../spec/network.ts";

/** "784-32-784 on windows of 28 × 28 grey pixels" */
export function NetworkWords({ network }: { readonly network: NetworkSpec }) {
  const [rows, columns] = network.image;
  return (
    <>
      {networkName(network)} on windows of {columns} × {rows} {network.channels === 1 ? "grey" : "colour"}{" "}
      pixels
    </>
  );
}
