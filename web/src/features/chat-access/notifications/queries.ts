import { useMutation, useQuery } from "@tanstack/react-query";
import { queryClient } from "../../../api/cache.ts";
import { api, ApiError, ask, conflictState } from "../../../api/client.ts";
import { notificationKeys } from "../../../api/clientNotifications.ts";
import type { Setting } from "../../../api/types.ts";
import { nested } from "./cells.ts";
import {
  clientForm,
  type ClientForm,
  groupForm,
  type GroupForm,
  organizationForm,
  type OrganizationForm,
} from "./forms.ts";

/** An answer as it is edited; also the state that a refused save brings. */
async function edited<S, F>(answer: Promise<S>, form: (s: S) => F): Promise<F> {
  try {
    return form(await answer);
  } catch (error) {
    const current = conflictState<S>(error);
    throw current && error instanceof ApiError ? error.with(form(current)) : error;
  }
}

type Save<F> = Partial<F> & { version: number };

export function useClientNotifications(id: string) {
  return useQuery({
    queryKey: notificationKeys.client(id),
    queryFn: () =>
      edited(ask(api.GET("/api/v1/clients/{id}/notifications", { params: { path: { id } } })), clientForm),
  });
}

export function useSaveClientNotifications(id: string) {
  return useMutation({
    mutationFn: ({ version, ...body }: Save<ClientForm>) =>
      edited(
        ask(
          api.PUT("/api/v1/clients/{id}/notifications", {
            params: { path: { id } },
            body: { version, own: nested<Setting>(body) },
          }),
        ),
        clientForm,
      ),
    onSuccess: (saved) => queryClient.setQueryData(notificationKeys.client(id), saved),
  });
}

export function useGroupNotifications(id: string) {
  return useQuery({
    queryKey: notificationKeys.group(id),
    queryFn: () =>
      edited(ask(api.GET("/api/v1/groups/{id}/notifications", { params: { path: { id } } })), groupForm),
  });
}

export function useSaveGroupNotifications(id: string) {
  return useMutation({
    mutationFn: ({ version, ...body }: Save<GroupForm>) =>
      edited(
        ask(
          api.PUT("/api/v1/groups/{id}/notifications", {
            params: { path: { id } },
            body: { version, settings: nested<Setting>(body) },
          }),
        ),
        groupForm,
      ),
    onSuccess: (saved) => {
      queryClient.setQueryData(notificationKeys.group(id), saved);
      void queryClient.invalidateQueries({ queryKey: notificationKeys.clients });
    },
  });
}

export function useOrganizationNotifications() {
  return useQuery({
    queryKey: notificationKeys.organization,
    queryFn: () => edited(ask(api.GET("/api/v1/organization/notifications")), organizationForm),
  });
}

export function useSaveOrganizationNotifications() {
  return useMutation({
    mutationFn: ({ version, name_in_notifications, names_for_staff, ...body }: Save<OrganizationForm>) =>
      edited(
        ask(
          api.PUT("/api/v1/organization/notifications", {
            body: {
              version,
              ...(Object.keys(body).length > 0 && { defaults: nested<"on" | "off">(body) }),
              ...(name_in_notifications !== undefined && { name_in_notifications }),
              ...(names_for_staff !== undefined && { names_for_staff }),
            },
          }),
        ),
        organizationForm,
      ),
    onSuccess: (saved) => queryClient.setQueryData(notificationKeys.organization, saved),
  });
}
