import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { RunConnection, RunStorage, type Stores } from "../../../src/lab/runs/run-storage.ts";
import { modelFor, smallRun } from "./fixtures.ts";

const model = modelFor(smallRun);
let databases = 0;

/** A storage that no other test uses, opened as in two tabs. */
function twoTabs(): [RunStorage, RunStorage] {
  databases += 1;
  const name = `test ${databases}`;
  return [new RunStorage(new RunConnection(name)), new RunStorage(new RunConnection(name))];
}

test("a run and its model are available when the page is opened again", async () => {
  const [storage, again] = twoTabs();
  const endless = { epoch: 1, loss: 0.5, valLoss: 0, valPsnr: Number.POSITIVE_INFINITY, seconds: 1 };
  const run = { ...smallRun, epochs: [endless] };
  await storage.add(run, model);
  expect(await again.runs()).toEqual([run]);
  expect(await again.run("one")).toEqual(run);
  expect(await again.model("one")).toEqual(model);
  expect(await again.run("two")).toBeUndefined();
  expect(await again.model("two")).toBeUndefined();
});

test("concurrent changes from two tabs are all stored", async () => {
  const [a, b] = twoTabs();
  await a.add({ ...smallRun, epochs: [] });
  await Promise.all([
    a.change("one", (run) => ({ ...run, epochs: smallRun.epochs })),
    b.change("one", (run) => ({ ...run, name: "renamed" })),
    a.change("one", (run) => ({ ...run, scores: [] })),
  ]);
  expect(await b.run("one")).toEqual({ ...smallRun, name: "renamed", scores: [] });
});

test("a run that another tab deleted is not stored again", async () => {
  const [a, b] = twoTabs();
  await a.add(smallRun, model);
  await b.remove("one");
  await a.change("one", (run) => run);
  await a.setModel("one", model);
  expect(await a.runs()).toEqual([]);
  expect(await a.model("one")).toBeUndefined();
  await b.add(smallRun, model);
  expect(await a.runs()).toEqual([smallRun]);
  expect(await a.model("one")).toEqual(model);
});

test("a change that fails leaves the run unchanged", async () => {
  const [storage] = twoTabs();
  await storage.add(smallRun, model);
  const fail = () => {
    throw new Error("no");
  };
  await expect(storage.change("one", fail)).rejects.toThrow("no");
  expect(await storage.run("one")).toEqual(smallRun);
});

test("a run that an earlier version stored is read, with the settings of that time", async () => {
  const connection = new RunConnection("earlier");
  const { shift: _, hidden: __, ...spec } = smallRun.spec;
  const epochs = Float64Array.from([1, 0.5, 0.4, 10.25, 0.1, 2, 0.3, 0.2, 12.5, 0.2]);
  // There, hidden layers are numbers of nodes.
  const stored = {
    ...smallRun,
    epochs,
    spec: { ...spec, hidden: [2] },
  } as unknown as Stores["runs"]["value"];
  await connection.use((database) => database.put("runs", stored, "one"));
  expect(await new RunStorage(connection).run("one")).toEqual(smallRun);
});
