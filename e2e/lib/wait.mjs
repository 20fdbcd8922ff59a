// Waiting with a bound: nothing in these tests waits for ever or sleeps for luck.

// Calls check until it answers something truthy, and answers that. An error marked `final` ends the wait.
export async function until(what, check, timeout = 15_000, every = 50) {
  const end = Date.now() + timeout;
  let last;
  for (;;) {
    try {
      const value = await check();
      if (value) return value;
      last = undefined;
    } catch (error) {
      if (error?.final) throw error;
      last = error;
    }
    if (Date.now() > end) throw new Error(`after ${timeout} ms still not so: ${what}`, { cause: last });
    await pause(every);
  }
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
