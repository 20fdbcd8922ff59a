import { expect, it } from "vitest";
import { conversation, leilani, message, noor } from "../../test.fixtures.ts";
import { lastWords } from "./ConversationRow.tsx";

const last = (over: Parameters<typeof message>[1]) => conversation({ last_message: message(3, over) });

it("says whose the newest message is where that is not plain", () => {
  expect(lastWords(last({ author: leilani, body: "Oats again" }), noor.id)).toBe("Oats again");
  expect(lastWords(last({ author: noor, body: "Lovely" }), noor.id)).toBe("You: Lovely");
});

it("shows an automatic reply as what it is, to whoever is answered for", () => {
  const away = last({ author: noor, kind: "auto_reply", body: "I am at a training." });
  expect(lastWords(away, noor.id)).toBe("Automatic reply: I am at a training.");
  expect(lastWords(away, leilani.id)).toBe("Automatic reply: I am at a training.");
});
