import type { Blast } from "../../api/types.ts";
import { explain } from "../../api/client.ts";
import { navigate } from "../../lib/router.tsx";
import { createStore } from "../../lib/store.ts";
import { say } from "../../ui/toast.ts";
import type { Form } from "./form.ts";
import { actOn } from "./queries.ts";
import { takenBackWords } from "./words.ts";

/** What was taken back, until the page that writes blasts takes it up; as a form where this window still has it. */
export const takenBack = createStore<Form | Blast | null>(null);

/** Takes a blast back whole, and puts its text where it was written; what has gone already is said. */
export async function takeBack(blast: Blast, form?: Form): Promise<void> {
  try {
    const now = await actOn(blast.id, "cancel");
    say(takenBackWords(now));
    if (now.sent > 0) return navigate(`/blasts/${blast.id}`);
    takenBack.set(form ?? blast);
    navigate("/blasts/new");
  } catch (error) {
    say(`Not taken back. ${explain(error)}`);
  }
}
