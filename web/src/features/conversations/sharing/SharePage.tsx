import { useState } from "react";
import { useMe } from "../../../api/session.ts";
import type { Conversation } from "../../../api/types.ts";
import { useRested } from "../../../lib/hooks.ts";
import { conversationTitle } from "../../../lib/people.ts";
import { navigate } from "../../../lib/router.tsx";
import { forgetShared, type Shared, shared, sharing } from "../../../lib/shared.ts";
import { useStore } from "../../../lib/store.ts";
import { count } from "../../../lib/text.ts";
import { inboxItems } from "../../../live/inbox.ts";
import { Button, ButtonLink } from "../../../ui/Button.tsx";
import { Search } from "../../../ui/Field.tsx";
import { Icon } from "../../../ui/Icon.tsx";
import { Name } from "../../../ui/Name.tsx";
import { Card, Page } from "../../../ui/Page.tsx";
import { Empty, ListSkeleton, Loaded } from "../../../ui/States.tsx";
import { RowAvatar } from "../ConversationRow.tsx";
import { sizeWords } from "../files/words.ts";
import { useInbox } from "../queries.ts";
import styles from "./Sharing.module.css";

/** Files came from another app: the person says into which conversation, and sends them there. */
export function SharePage() {
  const coming = useStore(sharing, (on) => on);
  const { files } = useStore(shared, (s) => s);
  if (coming) {
    return (
      <main id="main">
        <ListSkeleton label="Taking the files" />
      </main>
    );
  }
  return files.length === 0 ? <Missed /> : <Choose files={files} />;
}

function Missed() {
  return (
    <main id="main" tabIndex={-1}>
      <Empty
        level={1}
        icon="file-text"
        title="No files came along"
        actions={<ButtonLink href="/inbox">Go to your messages</ButtonLink>}
      >
        Share them again from the other app, or open a conversation and add them there.
      </Empty>
    </main>
  );
}

function Choose({ files }: { files: Shared["files"] }) {
  const [q, setQ] = useState("");
  const found = useInbox({
    kind: "",
    unread: false,
    q: useRested(q.trim(), 250),
    inbox: "own",
    state: "active",
  });
  const cancel = () => {
    forgetShared();
    navigate("/inbox", { replace: true });
  };
  return (
    <Page
      narrow
      title={`Share ${count(files.length, "file")}`}
      lede="Nothing is sent yet. Choose a conversation: the files are put beside your message there."
      actions={<Button onClick={cancel}>Cancel</Button>}
    >
      <ul className={styles["files"]} aria-label="Shared files">
        {files.map((file, i) => (
          <li key={i}>
            <Icon name={file.type.startsWith("image/") ? "image" : "file-text"} />
            <span className="clip">{file.name}</span>
            <small>{sizeWords(file.size)}</small>
          </li>
        ))}
      </ul>
      <Card title="Into which conversation?">
        <Search label="Search your conversations" placeholder="Search people" value={q} onChange={setQ} />
        <Loaded query={found} what="your conversations" rows={4}>
          {(inbox) => <Conversations all={inboxItems(inbox)} q={q} />}
        </Loaded>
        {found.hasNextPage && (
          <div>
            <Button disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
              More conversations
            </Button>
          </div>
        )}
      </Card>
    </Page>
  );
}

function Conversations({ all, q }: { all: readonly Conversation[]; q: string }) {
  if (all.length === 0)
    return <p className="muted">{q ? `Nothing found for “${q}”.` : "No conversations yet."}</p>;
  return (
    <ul className={styles["list"]} aria-label="Conversations to share into">
      {all.map((c) => (
        <Choice key={c.id} conversation={c} />
      ))}
    </ul>
  );
}

/** One that nothing can be written into stays in the list, with the reason. */
function Choice({ conversation: c }: { conversation: Conversation }) {
  const me = useMe();
  const title = conversationTitle(c, me.user.id);
  const choose = () => {
    shared.update((now) => ({ ...now, conversation: c.id }));
    navigate(`/inbox/${c.id}`, { replace: true });
  };
  return (
    <li>
      <button type="button" disabled={!c.can_send} onClick={choose} data-share-into={c.id}>
        <RowAvatar conversation={c} title={title} meId={me.user.id} />
        <span>
          <Name name={title} off={!c.can_send} />
          <small>{c.can_send ? kinds[c.kind] : "Nothing can be written here now"}</small>
        </span>
      </button>
    </li>
  );
}

const kinds: Record<string, string> = {
  direct: "Direct message",
  community: "Community Chat",
  internal: "Staff only",
};
