import { store } from "../store.ts";

/** Why nothing can be trained here, and what to do about it in each browser. */
export function Unsupported() {
  return (
    <main class="card unsupported">
      <h2>This browser cannot train here</h2>
      <p role="alert">{store.failure.value}</p>
      <p>unsnow computes with WebGPU. It works in</p>
      <ul>
        <li>
          <strong>Chrome and Edge 113</strong> or newer, on Windows, macOS and Android. On Linux open{" "}
          <code>chrome://flags</code> and enable <code>#enable-unsafe-webgpu</code> and{" "}
          <code>#enable-vulkan</code>.
        </li>
        <li>
          <strong>Safari 26</strong> or newer, on macOS, iPhone and iPad.
        </li>
        <li>
          <strong>Firefox 141</strong> or newer on Windows; elsewhere a newer one, or{" "}
          <code>dom.webgpu.enabled</code> set to true in <code>about:config</code>.
        </li>
      </ul>
      <p>
        The page must come from <code>https</code> or from <code>localhost</code>. If it does, look whether
        hardware acceleration is on in the browser's settings and whether the graphics driver is up to date,
        then reload.
      </p>
    </main>
  );
}
