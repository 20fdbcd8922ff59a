// What the page and the worker say to each other.

/** From the page: the version that waits takes over now. */
export interface Activate {
  type: "activate";
}

/** From the page, with a port: whatever was shared with this id, once. */
export interface TakeShared {
  type: "take-shared";
  id: string;
}

/** From the worker, with a port to answer on: a notification was pressed. */
export interface Open {
  type: "open";
  path: string;
}

/** From the worker: this device has another push address now. */
export interface SubscriptionChanged {
  type: "subscription-changed";
}

export type ToWorker = Activate | TakeShared;
export type ToPage = Open | SubscriptionChanged;
