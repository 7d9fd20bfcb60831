// Parts that come after the first screen: each is fetched once, when it is wanted or soon will be.

import type { ComponentChild } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../core/i18n.ts";

/** Fetches once; a failed fetch may be tried again. */
function once<Part>(fetch: () => Promise<Part>): () => Promise<Part> {
  let fetched: Promise<Part> | undefined;
  return () => {
    fetched ??= fetch().catch((error: unknown) => {
      fetched = undefined;
      throw error;
    });
    return fetched;
  };
}

/** The conversation. */
export const talk = once(() => import("./chat.tsx"));
/** Pages beside the first and the conversation. */
export const pages = once(() => import("./pages.tsx"));
/** What most visits never need. */
export const later = once(() => import("./later.tsx"));

/** Shows a view of a part as soon as it is there. */
export function Lazily<Part>({ of, show }: { of: () => Promise<Part>; show: (part: Part) => ComponentChild }) {
  const [part, setPart] = useState<Part | null>(null);
  const [failed, setFailed] = useState(false);
  const get = (): void =>
    void of().then(
      (come) => setPart(() => come),
      () => setFailed(true),
    );
  useEffect(get, []);
  if (part) return <>{show(part)}</>;
  return failed ? (
    <div class="page">
      <button type="button" onClick={get}>
        {t("Try again")}
      </button>
    </div>
  ) : null;
}
