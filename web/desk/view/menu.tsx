// A menu button after the ARIA practices guide: arrows move, letters jump, Escape and Tab close.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { belongsToIme } from "../../core/keys.ts";

export interface Choice {
  value: string;
  label: string;
  /** For menus that hold one of several states. */
  checked?: boolean;
}

export interface MenuProps {
  id: string;
  label: string;
  children: ComponentChildren;
  choices: readonly Choice[];
  onChoose: (value: string) => void;
}

export function Menu({ id, label, children, choices, onChoose }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  const items = (): HTMLElement[] => [...(root.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];

  useEffect(() => {
    if (!open) return undefined;
    (items().find((item) => item.getAttribute("aria-checked") === "true") ?? items()[0])?.focus();
    const outside = (event: PointerEvent): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);

  function shut(): void {
    setOpen(false);
    button.current?.focus();
  }

  function onKey(event: KeyboardEvent): void {
    if (belongsToIme(event)) return;
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Tab") return setOpen(false);
    if (event.key === "Escape") shut();
    else if (to !== undefined) all[to]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div class="menu" ref={root}>
      <button type="button" ref={button} id={id} class="quiet" aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}>
        {children}
      </button>
      {open && (
        <div role="menu" tabIndex={-1} aria-label={label} class="menu-list" onKeyDown={onKey}>
          {choices.map((choice) => (
            <button
              key={choice.value}
              type="button"
              role={choice.checked === undefined ? "menuitem" : "menuitemradio"}
              aria-checked={choice.checked}
              tabIndex={-1}
              onClick={() => {
                shut();
                onChoose(choice.value);
              }}
            >
              <span class={`dot ${choice.value}`} aria-hidden="true" />
              {choice.label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
