import { api, ApiError, ask, problemOf } from "../../../api/client.ts";
import type { Attachment } from "../../../api/types.ts";

/** How files travel. */
export interface Carrier {
  /** Sends a file; stop breaks it off, and done then never settles well. */
  send(file: File, onProgress: (progress: number) => void): { done: Promise<Attachment>; stop(): void };
  /** Removes a file that no message has. */
  discard(id: string): void;
}

/** fetch tells nothing of what has gone out, so this is the older way. */
export const overHttp: Carrier = {
  send(file, onProgress) {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("file", file, file.name);
    const done = new Promise<Attachment>((resolve, reject) => {
      const unreachable = () => reject(new ApiError(0, "unreachable", ""));
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable && event.total > 0) onProgress(event.loaded / event.total);
      });
      request.addEventListener("load", () => {
        if (request.status === 201) resolve(request.response as Attachment);
        else reject(problemOf(request.response, request.status, request.getResponseHeader("Retry-After")));
      });
      request.addEventListener("error", unreachable);
      request.addEventListener("abort", unreachable);
    });
    request.open("POST", "/api/v1/attachments");
    request.responseType = "json";
    request.send(form);
    return { done, stop: () => request.abort() };
  },
  discard(id) {
    // Should it fail, the server removes it by itself after a day.
    ask(api.DELETE("/api/v1/attachments/{id}", { params: { path: { id } } })).catch(() => undefined);
  },
};
