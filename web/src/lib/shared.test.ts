import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { followSharing, forgetShared, shared, sharedFor } from "./shared.ts";
import * as worker from "./worker.ts";

const scan = new File(["x"], "scan.pdf");

beforeEach(forgetShared);
afterEach(() => {
  vi.restoreAllMocks();
  window.history.replaceState(null, "", "/");
});

it("takes what the worker holds, and forgets under which number", async () => {
  const take = vi.spyOn(worker, "takeShared").mockResolvedValue([scan]);
  window.history.replaceState(null, "", "/share?id=3");
  await followSharing();
  expect(take).toHaveBeenCalledWith("3");
  expect(shared.get().files).toEqual([scan]);
  expect(window.location.search).toBe("");
});

it("asks for nothing on any other page", async () => {
  const take = vi.spyOn(worker, "takeShared");
  window.history.replaceState(null, "", "/inbox?id=3");
  await followSharing();
  expect(take).not.toHaveBeenCalled();
});

it("hands files to the conversation that was chosen, once", () => {
  shared.set({ files: [scan], conversation: "a" });
  expect(sharedFor("b")).toEqual([]);
  expect(sharedFor("a")).toEqual([scan]);
  expect(sharedFor("a")).toEqual([]);
});
