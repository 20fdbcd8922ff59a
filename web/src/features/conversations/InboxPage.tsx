import { lazy, type ReactNode, Suspense, useEffect, useRef } from "react";
import { ApiError } from "../../api/client.ts";
import { can, isClient, useMe } from "../../api/session.ts";
import type { Conversation } from "../../api/types.ts";
import { narrow, useKeys, useMedia } from "../../lib/hooks.ts";
import { navigate, setParams, useParam, withParams } from "../../lib/router.tsx";
import { useStore } from "../../lib/store.ts";
import { BubblesArt } from "../../ui/Brand.tsx";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { cx } from "../../ui/cx.ts";
import { Empty, Failed, ListSkeleton } from "../../ui/States.tsx";
import { ConversationList, type ShowResults } from "./ConversationList.tsx";
import { DialogPlace } from "./dialogs.tsx";
import { leaveUnread } from "./conversationActs.tsx";
import { filterNames, inboxHref, useInboxFilter } from "./filters.ts";
import styles from "./Inbox.module.css";
import { needsNoAnswer } from "./needless.ts";
import { useConversation, usePinnedFirst } from "./queries.ts";
import { overDetails, wideDetails } from "./shownThread.ts";
import { retryThreadParts, useThreadParts } from "./threadParts.ts";

const NewConversationDialog = lazy(async () => ({
  default: (await import("./NewConversationDialog.tsx")).NewConversationDialog,
}));

interface InboxProps {
  id: string;
  /** A client's chat access, for the details beside their conversation. */
  about(clientId: string): ReactNode;
  /** The messages that a search finds. */
  results: ShowResults;
  /** The way to what came, on a phone. */
  bell: ReactNode;
}

/** The inbox: list, thread, details. */
export function InboxPage({ id, about, results, bell }: InboxProps) {
  const me = useMe();
  const { filter } = useInboxFilter();
  const { inbox, items } = usePinnedFirst(filter);
  const conversation = useConversation(id);
  const over = useMedia(narrow) || isClient(me);
  const details = useStore(over ? overDetails : wideDetails, (open) => open);
  const search = useRef<HTMLInputElement>(null);
  const creating = useParam("new") !== "";
  const mayStart = !isClient(me) || Boolean(me.chat?.direct);
  const openNew = () => setParams({ new: "1" }, { replace: false });
  const toggle = () => (over ? overDetails : wideDetails).update((open) => !open);

  useShortcuts({
    items,
    id,
    conversation: conversation.data,
    focusSearch: () => search.current?.focus(),
    openNew,
    toggle,
    details,
    mayStart,
  });
  useEffect(() => overDetails.set(false), [id]);
  const c = id ? conversation.data : undefined;
  const parts = useThreadParts(id !== "");
  const here = parts === "failed" ? null : parts;
  const context = Boolean(c) && details;
  return (
    <main
      id="main"
      className={cx(
        styles["inbox"],
        (!context || over) && styles["noContext"],
        isClient(me) && styles["client"],
      )}
      data-view={id ? "thread" : "list"}
    >
      {!id && <h1 className="sr">{isClient(me) ? "Chat" : "Inbox"}</h1>}
      <ConversationList
        inbox={inbox}
        items={items}
        selectedId={id}
        searchRef={search}
        openNew={openNew}
        mayStart={mayStart}
        results={results}
        bell={bell}
      />
      <section className={styles["pane"]} aria-label="Conversation" data-thread>
        {c && here ? (
          <here.OpenThread conversation={c} details={details} toggle={toggle} />
        ) : c && parts === "failed" ? (
          <Failed what="this conversation" error={null} retry={retryThreadParts} />
        ) : c ? (
          <ListSkeleton rows={5} label="Loading messages" />
        ) : id ? (
          <Missing error={conversation.error} retry={() => void conversation.refetch()} />
        ) : (
          <Nothing
            any={items.length > 0 || filter.q !== ""}
            loading={inbox.isPending}
            openNew={openNew}
            mayStart={mayStart}
          />
        )}
      </section>
      {c && context && here && <here.ContextPanel conversation={c} about={about} close={toggle} />}
      {creating && mayStart && (
        <Suspense>
          <NewConversationDialog close={() => setParams({ new: "" })} />
        </Suspense>
      )}
      <DialogPlace />
    </main>
  );
}

function Missing({ error, retry }: { error: unknown; retry(): void }) {
  if (!error) return null;
  if (error instanceof ApiError && error.status === 404) {
    return (
      <Empty
        icon="message-circle-off"
        title="There’s no such conversation"
        actions={<ButtonLink href="/inbox">Back to the inbox</ButtonLink>}
      >
        It may have been removed, or it isn’t yours to read.
      </Empty>
    );
  }
  return <Failed what="this conversation" error={error} retry={retry} />;
}

interface NothingProps {
  any: boolean;
  loading: boolean;
  mayStart: boolean;
  openNew(): void;
}

function Nothing({ any, loading, mayStart, openNew }: NothingProps) {
  const me = useMe();
  if (loading) return null;
  if (isClient(me)) {
    return (
      <Empty art={<BubblesArt />} title="Your messages">
        Choose a conversation to read it here.
      </Empty>
    );
  }
  if (any) {
    return (
      <Empty art={<BubblesArt />} title="No conversation is open">
        Choose one on the left, or press J for the first.
      </Empty>
    );
  }
  return (
    <Empty
      art={<BubblesArt />}
      title="Your inbox is ready"
      actions={
        <>
          {mayStart && (
            <Button look="primary" icon="square-pen" onClick={openNew}>
              New conversation
            </Button>
          )}
          {can(me, "manage_clients") && (
            <ButtonLink icon="user-plus" href="/clients?add=1">
              Add clients
            </ButtonLink>
          )}
        </>
      }
    >
      Write to one client{can(me, "send_blasts") && ", send a Message Blast to many"}, or open a community
      chat. You’ll always see who can receive it before you send.
    </Empty>
  );
}

interface ShortcutPorts {
  items: readonly Conversation[];
  id: string;
  conversation: Conversation | undefined;
  focusSearch(): void;
  openNew(): void;
  toggle(): void;
  details: boolean;
  mayStart: boolean;
}

function useShortcuts({
  items,
  id,
  conversation,
  focusSearch,
  openNew,
  toggle,
  details,
  mayStart,
}: ShortcutPorts): void {
  const me = useMe();
  const step = (by: number) => {
    const at = items.findIndex((c) => c.id === id);
    const next = items[at < 0 ? 0 : Math.min(items.length - 1, Math.max(0, at + by))];
    if (next) navigate(inboxHref(next.id));
  };
  const byNumber = isClient(me)
    ? []
    : filterNames.map(({ id: name }, i) => [
        String(i + 1),
        () =>
          navigate(
            withParams(
              window.location.pathname,
              { show: name === "all" ? "" : name },
              window.location.search,
            ),
            { replace: true },
          ),
      ]);
  useKeys({
    "/": focusSearch,
    n: () => mayStart && openNew(),
    j: () => step(1),
    k: () => step(-1),
    u: () => id && leaveUnread(id),
    w: () => conversation && void needsNoAnswer(conversation),
    e: () => id && details && toggle(),
    Escape: () => id && details && toggle(),
    ...Object.fromEntries(byNumber),
  });
}
