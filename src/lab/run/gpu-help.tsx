/** How each browser, on each system, lets a page have the GPU. */
export function GpuHelp() {
  return (
    <>
      <p>unsnow computes on the GPU through WebGPU, which needs</p>
      <ul>
        <li>
          <strong>Chrome or Edge.</strong> On Windows, macOS and ChromeOS version 113 or newer. On Android 12
          or newer version 121. On Linux version 144 with a recent Intel GPU and 147 with one from NVIDIA;
          with others open <code>chrome://flags</code> and enable <code>#enable-unsafe-webgpu</code> and{" "}
          <code>#enable-vulkan</code>.
        </li>
        <li>
          <strong>Safari.</strong> Version 26 or newer, on macOS, iPhone and iPad.
        </li>
        <li>
          <strong>Firefox.</strong> On Windows version 141 or newer, on Macs with Apple silicon version 147.
          Elsewhere Firefox Nightly, with <code>dom.webgpu.enabled</code> set to true in{" "}
          <code>about:config</code>.
        </li>
        <li>
          <strong>A safe address.</strong> The page must come from <code>https</code> or from{" "}
          <code>localhost</code>.
        </li>
        <li>
          <strong>A GPU that the browser may use.</strong> Look whether hardware acceleration is on in the
          browser's settings and whether the graphics driver is up to date.
        </li>
      </ul>
      <p>Then reload this page.</p>
    </>
  );
}
