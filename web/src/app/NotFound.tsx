import { ButtonLink } from "../ui/Button.tsx";
import { Empty } from "../ui/States.tsx";

/** An address that leads nowhere, or to something that is not this person’s to see. */
export function NotFound() {
  return (
    <main id="main">
      <Empty
        level={1}
        icon="search"
        title="There’s nothing here"
        actions={<ButtonLink href="/inbox">Go to your messages</ButtonLink>}
      >
        The address may be mistyped, or the page isn’t yours to see.
      </Empty>
    </main>
  );
}
