import { lazy, Suspense } from "react";
import type { ShowResults } from "../features/conversations/ConversationList.tsx";
import { useParam } from "../lib/router.tsx";

// Where the inbox and search meet: the inbox has the field, and does not know how
// messages are found.

const SearchResults = lazy(async () => ({
  default: (await import("../features/search/SearchResults.tsx")).SearchResults,
}));

/** What the inbox shows of a search, beside the conversation that is open. */
export function inboxResults(params: Record<string, string>): ShowResults {
  return (search) => <Results id={params["id"] ?? ""} {...search} />;
}

type ResultsProps = Parameters<ShowResults>[0] & { id: string };

function Results({ id, ...search }: ResultsProps) {
  const message = useParam("m");
  return (
    <Suspense>
      <SearchResults {...search} selected={`${id}/${message}`} />
    </Suspense>
  );
}
