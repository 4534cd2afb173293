import { proxy, type Remote } from "comlink";
import type { TrainingService } from "../protocol.ts";
import { pictureSize } from "../shared/files.ts";
import type { OwnFiles, OwnPictureFiles, PictureFolder } from "./own-pictures.ts";
import type { PictureReader, PicturesListener, PicturesOrder } from "./protocol.ts";
import type { ImagesSummary } from "./summary.ts";

/** Has the Worker read the user's files; undefined if that was cancelled. Throws the Worker's InputErrors. */
export async function readOwnFiles(
  connected: Remote<TrainingService>,
  files: OwnFiles,
  listener: PicturesListener = () => {},
): Promise<ImagesSummary | undefined> {
  if (files.kind === "images") return connected.offer(files.files, files.twins);
  const { folder, twins } = files;
  const readTwins = twins && proxy(readerOf(twins));
  return connected.offerPictures(orderOf(files), proxy(readerOf(folder)), proxy(listener), readTwins);
}

function orderOf({ folder, choices, twins }: OwnPictureFiles): PicturesOrder {
  const { id, name, files, labels, passedOver } = folder;
  const noisy = twins && { folder: twins.id, name: twins.name };
  return { folder: id, name, count: files.length, labels, passedOver, choices, twins: noisy };
}

/** Gives the Worker pictures with their sizes: only the page can get a picture's size without decoding it. */
export function readerOf({ files }: PictureFolder): PictureReader {
  const measured = async (file: File) => ({ file, size: await pictureSize(file) });
  return (numbers) => Promise.all(numbers.flatMap((number) => files[number] ?? []).map(measured));
}
