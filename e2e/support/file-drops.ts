import type { JSHandle, Page } from "@playwright/test";

/** A file in Playwright's format. */
export interface NamedFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** The data transfer of dropped or pasted files. */
export function transferOf(page: Page, files: readonly NamedFile[]): Promise<JSHandle<DataTransfer>> {
  return page.evaluateHandle(
    (named) => {
      const transfer = new DataTransfer();
      for (const [name, type, bytes] of named)
        transfer.items.add(new File([Uint8Array.from(bytes)], name, { type }));
      return transfer;
    },
    files.map(({ name, mimeType, buffer }) => [name, mimeType, [...buffer]] as const),
  );
}

/** Drops files on the page, as a user does. */
export async function dropFiles(page: Page, files: readonly NamedFile[]): Promise<void> {
  const dataTransfer = await transferOf(page, files);
  await page.dispatchEvent("main", "dragover", { dataTransfer });
  await page.dispatchEvent("main", "drop", { dataTransfer });
}

/** Pastes files into the page. */
export async function pasteFiles(page: Page, files: readonly NamedFile[]): Promise<void> {
  const pasted = await transferOf(page, files);
  await page.evaluate((clipboardData) => {
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
  }, pasted);
}
