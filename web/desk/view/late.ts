// Quick loads show nothing: a placeholder comes only after 0.3 s.

import { useEffect, useState } from "preact/hooks";

const QUICK_MS = 300;

export function useLate(waiting: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!waiting) return setLate(false);
    const timer = setTimeout(() => setLate(true), QUICK_MS);
    return () => clearTimeout(timer);
  }, [waiting]);
  return waiting && late;
}
