import { Picture } from "../shared/picture.tsx";

interface SamplesProps {
  readonly rows: number;
  readonly columns: number;
  /** [samples, rows, columns] in [0, 1] */
  readonly pixels: Float32Array;
  /** [samples]; what else to say of them. */
  readonly titles?: readonly string[] | undefined;
}

/** Some of a person's images. */
export function Samples({ rows, columns, pixels, titles }: SamplesProps) {
  const size = rows * columns;
  return (
    <ol class="samples" aria-label="Some of the images">
      {Array.from({ length: pixels.length / size }, (_, sample) => (
        <li key={sample}>
          <Picture
            title={[`sample ${sample + 1}`, titles?.[sample]].filter(Boolean).join(", ")}
            pixels={pixels.subarray(sample * size, (sample + 1) * size)}
            rows={rows}
            columns={columns}
          />
        </li>
      ))}
    </ol>
  );
}
