import "fake-indexeddb/auto";
import forceCloseDatabase from "fake-indexeddb/lib/forceCloseDatabase";
import { deleteDB, openDB, unwrap } from "idb";
import { expect, test, vi } from "vitest";
import type { RunDatabase } from "../../../src/lab/runs/run-storage.ts";
import { RunConnection, RunStorage } from "../../../src/lab/runs/run-storage.ts";
import { smallRun } from "./fixtures.ts";

const databaseOf = (connection: RunConnection) => connection.use(async (database) => database);

/** Closes the database abnormally, as a browser can do. */
const close = (database: RunDatabase) => forceCloseDatabase(unwrap(database) as unknown as IDBDatabase);

test("one database is opened for any number of concurrent requests", async () => {
  const connection = new RunConnection("asked twice");
  const [one, other] = await Promise.all([databaseOf(connection), databaseOf(connection)]);
  expect(other).toBe(one);
  expect(await databaseOf(connection)).toBe(one);
});

test("a database that the browser closed is opened again, with all its data", async () => {
  const connection = new RunConnection("closed");
  const storage = new RunStorage(connection);
  await storage.add(smallRun);
  const before = await databaseOf(connection);
  close(before);
  await vi.waitFor(async () => expect(await databaseOf(connection)).not.toBe(before), { timeout: 60_000 });
  expect(await storage.runs()).toEqual([smallRun]);
});

test("a change during which the browser closed the database is still made, once", async () => {
  const connection = new RunConnection("closed meanwhile");
  const storage = new RunStorage(connection);
  await storage.add(smallRun);
  const before = await databaseOf(connection);
  const closing = vi.fn(() => close(before));
  await storage.change(smallRun.id, (run) => {
    if (closing.mock.calls.length === 0) closing();
    return { ...run, name: `${run.name}, changed` };
  });
  expect(closing).toHaveBeenCalledTimes(1);
  expect(await storage.runs()).toEqual([{ ...smallRun, name: `${smallRun.name}, changed` }]);
});

test.each(["AbortError", "InvalidStateError", "UnknownError"])(
  "an operation that fails with %s is repeated once, in a newly opened database",
  async (name) => {
    const connection = new RunConnection(`fails with ${name}`);
    const databases: RunDatabase[] = [];
    const failing = connection.use(async (database) => {
      databases.push(database);
      throw new DOMException("Connection to Indexed Database server lost.", name);
    });
    await expect(failing).rejects.toThrow("server lost");
    expect(new Set(databases).size).toBe(2);
  },
);

test("an operation that fails for another reason is not repeated", async () => {
  const connection = new RunConnection("fails otherwise");
  const work = vi.fn(async () => {
    throw new DOMException("There is no room.", "QuotaExceededError");
  });
  await expect(connection.use(work)).rejects.toThrow("no room");
  expect(work).toHaveBeenCalledTimes(1);
});

test("a database that was deleted while the page used it is created again, empty", async () => {
  const storage = new RunStorage(new RunConnection("deleted"));
  await storage.add(smallRun);
  await deleteDB("deleted");
  expect(await storage.runs()).toEqual([]);
  await storage.add(smallRun);
  expect(await storage.runs()).toEqual([smallRun]);
});

test("a database is closed for a newer page, and opening is tried again after a failure", async () => {
  const storage = new RunStorage(new RunConnection("newer"));
  await storage.add(smallRun);
  const newer = await openDB("newer", 1000);
  await expect(storage.runs()).rejects.toThrow();
  await expect(storage.runs()).rejects.toThrow();
  expect(await newer.count("runs")).toBe(1);
  newer.close();
  await deleteDB("newer");
  expect(await storage.runs()).toEqual([]);
});
