import { queryClient } from "../../../api/cache.ts";
import { api, ask } from "../../../api/client.ts";
import { overHttp } from "./carrier.ts";
import { createUploads, type Limits } from "./uploads.ts";

const usual: Limits = { bytes: 25 * 2 ** 20, perMessage: 10 };
const limitsKey = ["attachment-limits"];

/** The server's word on it once it is there. */
function limits(): Limits {
  return queryClient.getQueryData<Limits>(limitsKey) ?? usual;
}

/** Asks once how large files may be. */
export function learnLimits(): void {
  void queryClient.prefetchQuery({
    queryKey: limitsKey,
    staleTime: Infinity,
    queryFn: async (): Promise<Limits> => {
      const l = await ask(api.GET("/api/v1/attachments/limits"));
      return { bytes: l.max_bytes, perMessage: l.max_per_message };
    },
  });
}

export const uploads = createUploads(overHttp, limits);

/** Where files are added: to what they belong, which need not be a conversation. */
export interface FilePorts {
  conversation: { id: string };
  focus(): void;
}

/** Takes files that were chosen, dropped or pasted. */
export function takeFiles(ports: FilePorts, chosen: readonly File[]): void {
  uploads.add(ports.conversation.id, chosen);
  ports.focus();
}
