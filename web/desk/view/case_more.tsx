// A part of the case that opens and closes, with how much is in it; nothing where it is empty.

import type { ComponentChildren } from "preact";
import { tn } from "../../core/i18n.ts";

export function More({ title, count, open = false, children }: { title: string; count: number; open?: boolean; children: ComponentChildren }) {
  if (!count) return null;
  return (
    <details class="case-more" open={open}>
      <summary>
        {title} <span class="count">{tn("{n} entry", "{n} entries", count)}</span>
      </summary>
      {children}
    </details>
  );
}
