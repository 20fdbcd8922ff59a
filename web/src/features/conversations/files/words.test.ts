import { expect, test } from "vitest";
import { fileUrl, kindWords, sizeWords, timeWords } from "./words.ts";

test("sizes and times as people say them", () => {
  expect([7, 999, 1000, 248_300, 999_600, 3_140_000].map(sizeWords)).toEqual([
    "7 bytes",
    "999 bytes",
    "1 KB",
    "248 KB",
    "1.0 MB",
    "3.1 MB",
  ]);
  expect([0, 499, 7_400, 61_000, 3_725_000].map(timeWords)).toEqual([
    "0:00",
    "0:00",
    "0:07",
    "1:01",
    "1:02:05",
  ]);
});

test("what a file is, in a word", () => {
  expect(
    ["image/webp", "audio/mp4", "application/pdf", "text/csv", "application/x-odd"].map(kindWords),
  ).toEqual(["Picture", "Recording", "PDF", "Table (CSV)", "File"]);
  expect(kindWords("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")).toBe("Spreadsheet");
  expect(fileUrl({ id: "a/b" }, "thumbnail")).toBe("/api/v1/attachments/a%2Fb?size=thumbnail");
});
