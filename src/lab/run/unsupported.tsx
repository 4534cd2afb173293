import { store } from "../store.ts";
import { BackendLink } from "./backend-link.tsx";
import { GpuHelp } from "./gpu-help.tsx";

/** Why the GPU, which the address asks for, cannot be had, and what to do about it. */
export function Unsupported() {
  return (
    <main class="card unsupported">
      <h2>There is no GPU to train on here</h2>
      <p role="alert">{store.failure.value}</p>
      <p>
        The address asks for the GPU. The page works on the CPU as well, only slower:{" "}
        <BackendLink backend="cpu">Use the CPU instead</BackendLink>
      </p>
      <GpuHelp />
    </main>
  );
}
