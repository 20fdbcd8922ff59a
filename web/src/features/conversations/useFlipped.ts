import { useEffect, useRef } from "react";

/** Whether writing was possible since this was shown first, and is not any more. */
export function useFlipped(canSend: boolean): boolean {
  const could = useRef(canSend);
  useEffect(() => {
    if (canSend) could.current = true;
  }, [canSend]);
  return could.current && !canSend;
}
