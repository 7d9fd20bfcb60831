// A native modal dialog with a heading; Escape and the cross close it, the focus goes back to where it was.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../core/i18n.ts";
import { Icon } from "../../ui/icons.tsx";
import { close } from "../state/ask.ts";

export interface DialogProps {
  title: string;
  kind?: string;
  /** Start on the heading, so that Enter alone does nothing. */
  onHeading?: boolean;
  children: ComponentChildren;
}

export function Dialog({ title, kind = "", onHeading = false, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  // before the next key: who presses E and Enter at once means this dialog
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    if (onHeading) heading.current?.focus();
    else dialog?.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => dialog?.close();
  }, []);

  return (
    <dialog ref={element} class={`dialog ${kind}`} aria-labelledby="desk-dialog-title" onCancel={cancel}>
      <div class="dialog-head">
        <h2 id="desk-dialog-title" ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" class="quiet icon-only" aria-label={t("Close")} onClick={() => close()}>
          <Icon name="close" />
        </button>
      </div>
      {children}
    </dialog>
  );
}

function cancel(event: Event): void {
  event.preventDefault();
  close();
}
