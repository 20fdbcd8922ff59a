import createClient from "openapi-fetch";
import type { paths } from "./schema.gen.ts";

/** One field that the server refused, and why. */
export interface FieldProblem {
  field: string;
  code: string;
  detail: string;
}

/** A refusal by the server (problem+json), or status 0 when no answer came. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly fields: readonly FieldProblem[] = [],
    readonly retryAfter: number | null = null,
    /** The state as it is, where someone else was first (version_conflict). */
    readonly current: unknown = null,
  ) {
    super(detail || code);
    this.name = "ApiError";
  }

  /** The same refusal with the state as it is in another shape. */
  with(current: unknown): ApiError {
    return new ApiError(this.status, this.code, this.detail, this.fields, this.retryAfter, current);
  }

  /** No answer, or one that says nothing about the request itself: trying again may work. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Longer than any answer should take; then the request counts as unanswered. */
const patience = 20_000;

export const api = createClient<paths>({ baseUrl: "", credentials: "same-origin", fetch: patientFetch });

async function patientFetch(request: Request): Promise<Response> {
  try {
    const limit = AbortSignal.timeout(patience);
    return await globalThis.fetch(request, { signal: AbortSignal.any([request.signal, limit]) });
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    throw new ApiError(0, "unreachable", "No answer came. Check the connection and try again.");
  }
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer, or an ApiError thrown. */
export async function ask<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer;
  if (response.ok) return data as T;
  throw problemOf(error, response.status, response.headers.get("Retry-After"));
}

/** The error that an answer other than a good one is. */
export function problemOf(body: unknown, status: number, retryAfter: string | null): ApiError {
  const p = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const text = (key: string, or: string) => (typeof p[key] === "string" ? p[key] : or);
  const after = Number(retryAfter ?? "");
  return new ApiError(
    status,
    text("code", `http_${status}`),
    text("detail", text("title", "")),
    fieldProblems(p["errors"]),
    after > 0 ? after : null,
    p["current"] ?? null,
  );
}

function fieldProblems(errors: unknown): FieldProblem[] {
  if (!Array.isArray(errors)) return [];
  return errors.map((e: Partial<FieldProblem>) => ({
    field: String(e.field ?? ""),
    code: String(e.code ?? ""),
    detail: String(e.detail ?? ""),
  }));
}

/** What to tell a person about any thrown thing. */
export function explain(error: unknown): string {
  if (!(error instanceof ApiError)) return "Something went wrong in this window. Reload it and try again.";
  if (error.status === 0) return "We couldn’t reach the server. Check your connection and try again.";
  if (error.status === 429) return "That was too many tries in a short time. Wait a moment and try again.";
  if (error.status >= 500) return "This is a problem on our side, and trying again often fixes it.";
  return error.detail || "The server refused this. Reload the page and try again.";
}

/** The server's word on one field of a form, if it has one. */
export function fieldError(error: unknown, field: string): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  return error.fields.find((f) => f.field === field || f.field === `body.${field}`)?.detail;
}

/** A short code a person can read to their administrator. */
export function shortCode(error: unknown): string {
  return error instanceof ApiError ? `${error.status || "NET"}-${error.code}` : "WEB";
}

/** The state as it is, where a save was refused because someone else was first. */
export function conflictState<T>(error: unknown): T | null {
  if (!(error instanceof ApiError) || error.code !== "version_conflict") return null;
  return (error.current as T | null) ?? null;
}
