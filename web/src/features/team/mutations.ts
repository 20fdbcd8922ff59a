import { useMutation } from "@tanstack/react-query";
import { queryClient } from "../../api/cache.ts";
import { api, ask } from "../../api/client.ts";
import { keys } from "../../api/keys.ts";
import type { Invitation, Permission, Staff } from "../../api/types.ts";
import type { Role } from "./permissions.ts";

export interface StaffFields {
  name: string;
  email: string;
  role: Role;
  title: string | null;
  permissions: Permission[];
  clients_may_start: boolean;
}

function refresh() {
  return Promise.all([keys.staff, keys.me].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}

export function useAddStaff() {
  return useMutation({
    mutationFn: (body: StaffFields) => ask(api.POST("/api/v1/staff", { body })),
    onSuccess: refresh,
  });
}

export function useChangeStaff(id: string) {
  return useMutation({
    mutationFn: (body: Partial<StaffFields> & { active?: boolean }) =>
      ask(api.PATCH("/api/v1/staff/{id}", { params: { path: { id } }, body })) as Promise<Staff>,
    onSuccess: refresh,
  });
}

export function useInviteStaff(id: string) {
  return useMutation({
    mutationFn: () =>
      ask(api.POST("/api/v1/staff/{id}/invitation", { params: { path: { id } } })) as Promise<Invitation>,
    onSuccess: refresh,
  });
}
