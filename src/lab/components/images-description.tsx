import { formatBytes, formatCount } from "../format.ts";
import type { FileSummary, ImagesSummary } from "../worker/training-service.ts";
import { Picture } from "./picture.tsx";

const roleTitles: { readonly [R in FileSummary["role"]]: string } = {
  training: "images to learn from",
  "training labels": "labels",
  validation: "images to validate with",
  "validation labels": "labels to validate with",
};

/** What a person's files hold: the files, the images' number and size, whether they have labels, and some of them. */
export function ImagesDescription({ images }: { readonly images: ImagesSummary }) {
  const { files, rows, columns, trainingImages, validationImages } = images;
  const labelled = files.some(({ role }) => role.endsWith("labels"));
  const separate = files.some(({ role }) => role === "validation");
  return (
    <>
      <ul class="files">
        {files.map((file) => (
          <li key={file.role}>
            <strong>{file.name}</strong>
            <br />
            {formatCount(file.count)}{" "}
            {separate || file.role !== "training" ? roleTitles[file.role] : "images"},{" "}
            {formatBytes(file.bytes)}
          </li>
        ))}
      </ul>
      <p class="setting-help">
        {rows} × {columns} pixels, {labelled ? "with labels" : "without labels"}:{" "}
        {formatCount(trainingImages)} to learn from and {formatCount(validationImages)}{" "}
        {separate ? "" : "held out "}to validate with.
      </p>
      <Samples images={images} />
    </>
  );
}

function Samples({ images }: { readonly images: ImagesSummary }) {
  const { rows, columns, samples } = images;
  const size = rows * columns;
  return (
    <ol class="samples" aria-label="Some of the images">
      {Array.from({ length: samples.length / size }, (_, sample) => (
        <li key={sample}>
          <Picture
            title={`sample ${sample + 1}`}
            pixels={samples.subarray(sample * size, (sample + 1) * size)}
            rows={rows}
            columns={columns}
          />
        </li>
      ))}
    </ol>
  );
}
