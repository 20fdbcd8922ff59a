import { Page } from "../../ui/Page.tsx";
import { GroupsCard } from "./GroupsCard.tsx";

/** Clients > Groups: every client group with what it decides for its members. */
export function GroupsPage() {
  return (
    <Page title="Client groups" lede="A group’s setting applies to its members unless they have their own.">
      <GroupsCard />
    </Page>
  );
}
