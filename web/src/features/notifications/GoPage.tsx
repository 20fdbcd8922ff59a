import { useEffect } from "react";
import { useQuery } from "@tanstack/react-query";
import { ApiError, api, ask } from "../../api/client.ts";
import { noticeHref } from "../../api/notices.ts";
import { navigate } from "../../lib/router.tsx";
import { ButtonLink } from "../../ui/Button.tsx";
import { Empty, Failed } from "../../ui/States.tsx";
import { openNotice } from "./open.ts";

/** Where a push leads: it names a notice, and this finds its conversation. */
export function GoPage({ params }: { params: Record<string, string> }) {
  const id = params["id"] ?? "";
  const { data, error, refetch } = useQuery({
    queryKey: ["notice", id],
    queryFn: () => ask(api.GET("/api/v1/me/notices/{id}", { params: { path: { id } } })),
    gcTime: 0,
  });
  useEffect(() => {
    if (!data) return;
    openNotice(data);
    navigate(noticeHref(data), { replace: true });
  }, [data]);
  if (!error) return <main id="main" aria-busy="true" />;
  const gone = error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429;
  return (
    <main id="main">
      {gone ? (
        <Empty
          level={1}
          icon="bell"
          title="This notification is no longer there"
          actions={<ButtonLink href="/inbox">Go to your messages</ButtonLink>}
        >
          It may be for another person who uses this device, or too old.
        </Empty>
      ) : (
        <Failed level={1} what="the conversation" error={error} retry={() => void refetch()} />
      )}
    </main>
  );
}
