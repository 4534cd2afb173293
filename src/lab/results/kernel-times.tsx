import { formatCount } from "../shared/format.ts";
import { TableScroll } from "../shared/table-scroll.tsx";
import { store } from "../store.ts";

/** GPU time by kernel, the longest first. */
export function KernelTimes() {
  return (
    <section class="card" aria-labelledby="kernels-title">
      <div class="card-head">
        <h2 id="kernels-title">GPU time by kernel</h2>
      </div>
      <Times />
    </section>
  );
}

function Times() {
  const { value: laboratory } = store.laboratory;
  const { value: kernels } = store.kernels;
  if (!laboratory) return null;
  if (laboratory.backend === "cpu") return <p>The CPU computes, so the GPU has no kernels to time.</p>;
  if (!laboratory.profiled)
    return <p>This adapter has no timestamp queries, so its kernels cannot be timed.</p>;
  if (kernels.length === 0) return <p>Nothing has been measured yet: press Train or Step.</p>;
  const total = kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return (
    <>
      <p class="card-note">
        Measuring slows training down. The browser's Performance panel shows every launch on a track named
        GPU.
      </p>
      <TableScroll label="Kernels, as a table">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Kernel</th>
              <th scope="col">Launches</th>
              <th scope="col">Total, ms</th>
              <th scope="col">Mean, µs</th>
              <th scope="col">Share</th>
            </tr>
          </thead>
          <tbody>
            {kernels.map(({ kernel, launches, milliseconds }) => (
              <tr key={kernel}>
                <th scope="row">{kernel}</th>
                <td>{formatCount(launches)}</td>
                <td>{milliseconds.toFixed(1)}</td>
                <td>{formatCount((1000 * milliseconds) / launches)}</td>
                <td>{total > 0 ? ((100 * milliseconds) / total).toFixed(1) : "0.0"} %</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </>
  );
}
