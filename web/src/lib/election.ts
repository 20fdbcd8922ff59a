// Several windows of one browser hear the same; one of them acts.

interface Claim {
  id: string;
  rank: number;
  /** The window has acted already. */
  done?: boolean;
}

interface Channel {
  postMessage(claim: Claim): void;
  onmessage: ((event: MessageEvent<Claim>) => void) | null;
}

/** How long windows wait for each other's word. */
const gather = 250;

/** How many names are kept: a window hears of one within moments of the others. */
const kept = 50;

export interface Election {
  /** Whether this window is the one to act; the lowest rank wins, and each window must rank itself differently. */
  mine(id: string, rank: number): Promise<boolean>;
}

export function openElection(channel: Channel | null): Election {
  const lowest = new Map<string, Claim>();
  const hear = (claim: Claim) => {
    const best = lowest.get(claim.id);
    if (!best || claim.done || (!best.done && claim.rank < best.rank)) lowest.set(claim.id, claim);
    for (const old of lowest.keys()) {
      if (lowest.size <= kept) break;
      lowest.delete(old);
    }
  };
  if (channel) channel.onmessage = (event) => hear(event.data);
  return {
    async mine(id, rank) {
      if (!channel) return true;
      const claim: Claim = { id, rank };
      hear(claim);
      channel.postMessage(claim);
      await new Promise((done) => setTimeout(done, gather));
      if (lowest.get(id) !== claim) return false;
      const acted = { ...claim, done: true };
      hear(acted);
      channel.postMessage(acted);
      return true;
    },
  };
}
