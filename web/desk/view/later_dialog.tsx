// A dialog that comes with the second fetch.

import type { ComponentChild } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../core/i18n.ts";
import { close } from "../state/ask.ts";
import { useDesk } from "./context.ts";

type Part = typeof import("./later.tsx");

let fetched: Promise<Part> | undefined;

/** Fetches once; a failed fetch may be tried again. */
export function later(): Promise<Part> {
  fetched ??= import("./later.tsx").catch((error: unknown) => {
    fetched = undefined;
    throw error;
  });
  return fetched;
}

export function LaterDialog({ show }: { show: (part: Part) => ComponentChild }) {
  const desk = useDesk();
  const [part, setPart] = useState<Part | null>(null);
  useEffect(() => {
    later().then(
      (come) => setPart(come),
      () => {
        close();
        desk.tell(t("The server cannot be reached. Please try again."), true);
      },
    );
  }, []);
  return part && <>{show(part)}</>;
}
