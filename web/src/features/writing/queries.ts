import { useMutation, useQuery } from "@tanstack/react-query";
import { queryClient } from "../../api/cache.ts";
import { api, ask } from "../../api/client.ts";
import { keys } from "../../api/keys.ts";
import type { Away, Welcome } from "../../api/types.ts";

/** Whose away rules: a member of staff by id, or "" for the practice. */
export function useAway(staff: string) {
  return useQuery({
    queryKey: keys.away(staff),
    queryFn: () =>
      staff === ""
        ? ask(api.GET("/api/v1/organization/away"))
        : ask(api.GET("/api/v1/staff/{id}/away", { params: { path: { id: staff } } })),
  });
}

export function useSaveAway(staff: string) {
  return useMutation({
    mutationFn: ({ version, once, weekly }: Partial<Away> & { version: number }) => {
      const body = { version, ...(once !== undefined && { once }), ...(weekly && { weekly }) };
      return staff === ""
        ? ask(api.PUT("/api/v1/organization/away", { body }))
        : ask(api.PUT("/api/v1/staff/{id}/away", { params: { path: { id: staff } }, body }));
    },
    onSuccess: (saved) => queryClient.setQueryData(keys.away(staff), saved),
  });
}

export function useWelcome() {
  return useQuery({ queryKey: keys.welcome, queryFn: () => ask(api.GET("/api/v1/organization/welcome")) });
}

export function useSaveWelcome() {
  return useMutation({
    mutationFn: (body: Partial<Welcome> & { version: number }) =>
      ask(api.PUT("/api/v1/organization/welcome", { body })),
    onSuccess: (saved) => queryClient.setQueryData(keys.welcome, saved),
  });
}
