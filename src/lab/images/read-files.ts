import { proxy, type Remote } from "comlink";
import type { PictureReader, PicturesListener, PicturesOrder, TrainingService } from "../protocol.ts";
import { pictureSize } from "../shared/files.ts";
import {
  checkFileCount,
  type FoundFile,
  type FoundFiles,
  isHidden,
  type OwnFiles,
  type OwnPictureFiles,
  type PictureFolder,
} from "./own-pictures.ts";
import type { ImagesSummary } from "./summary.ts";

/** Has the Worker read a person's files; undefined if that was cancelled. Throws an InputError as the Worker does. */
export async function readOwnFiles(
  connected: Remote<TrainingService>,
  files: OwnFiles,
  listener: PicturesListener = () => {},
): Promise<ImagesSummary | undefined> {
  if (files.kind === "images") return connected.offer(files.files);
  return connected.offerPictures(orderOf(files), proxy(readerOf(files.folder)), proxy(listener));
}

function orderOf({ folder, choices }: OwnPictureFiles): PicturesOrder {
  const { id, name, files, labels, skipped } = folder;
  return { folder: id, name, count: files.length, labels, skipped, choices };
}

/** Only the page can tell a picture's size without decoding it. */
export function readerOf({ files }: PictureFolder): PictureReader {
  const measured = async (file: File) => ({ file, size: await pictureSize(file) });
  return (numbers) => Promise.all(numbers.flatMap((number) => files[number] ?? []).map(measured));
}

/** Folders within folders within folders. */
export const deepest = 16;

interface PlacedEntry {
  readonly entry: FileSystemEntry;
  /** The folders above it that were dropped too. */
  readonly depth: number;
}

/**
 * Reads what was dropped: files, and folders with all that lies in them. What is hidden is passed over, and so are folders
 * within more than 16 others. Throws an InputError when there are too many files.
 */
export async function readEntries(entries: readonly FileSystemEntry[]): Promise<FoundFiles> {
  const files: FoundFile[] = [];
  let skipped = 0;
  let level: PlacedEntry[] = entries.map((entry) => ({ entry, depth: 0 }));
  while (level.length > 0) {
    const visible = level.filter(({ entry, depth }) => !isHidden(entry.name) && depth <= deepest);
    skipped += level.length - visible.length;
    const next: PlacedEntry[] = [];
    for (const { entry, depth } of visible) {
      if (isFile(entry)) files.push({ path: entry.fullPath.replace(/^\//, ""), file: await fileOf(entry) });
      if (isDirectory(entry))
        for (const inner of await entriesOf(entry)) next.push({ entry: inner, depth: depth + 1 });
      checkFileCount(files.length + next.length);
    }
    level = next;
  }
  return { files, skipped };
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A reader hands out a folder's entries in parts, the last of which is empty. */
async function entriesOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0) return entries;
    entries.push(...part);
    checkFileCount(entries.length);
  }
}
