// One section of the customer's pane: opened and closed at its heading, and moved while the agent arranges the pane.

import type { ComponentChildren } from "preact";
import { t } from "../../core/i18n.ts";
import { moved, type SectionName, toggled } from "../state/sections.ts";
import { useDesk } from "./context.ts";
import { focusId } from "./focus.ts";
import { DeskIcon } from "./icons.tsx";

interface PaneSectionProps {
  name: SectionName;
  title: string;
  /** How much is in it; undefined: it is not counted. */
  count?: number;
  arranging: boolean;
  children: ComponentChildren;
}

export function PaneSection({ name, title, count, arranging, children }: PaneSectionProps) {
  const { preferences } = useDesk();
  const sections = preferences.sections.value;
  const open = sections.find((one) => one.name === name)?.open ?? true;
  const heading = `desk-${name}-heading`;
  return (
    <section class="pane-section" aria-labelledby={heading}>
      <div class="pane-section-head">
        <h3 id={heading} tabIndex={-1}>
          <button type="button" class="quiet" aria-expanded={open} aria-controls={`desk-${name}-body`} onClick={() => (preferences.sections.value = toggled(sections, name, !open))}>
            <DeskIcon name="expand" />
            {title}
          </button>
        </h3>
        {count !== undefined && <span class="count">{count}</span>}
        {arranging && (
          <span class="movers">
            <Mover name={name} title={title} by={-1} />
            <Mover name={name} title={title} by={1} />
          </span>
        )}
      </div>
      <div id={`desk-${name}-body`} class="pane-section-body" hidden={!open}>
        {open && children}
      </div>
    </section>
  );
}

function Mover({ name, title, by }: { name: SectionName; title: string; by: -1 | 1 }) {
  const desk = useDesk();
  const { sections } = desk.preferences;
  const at = sections.value.findIndex((one) => one.name === name);
  const end = by < 0 ? at === 0 : at === sections.value.length - 1;
  const id = `desk-${name}-${by < 0 ? "up" : "down"}`;

  function move(): void {
    if (end) return;
    sections.value = moved(sections.value, name, by);
    desk.announcer.say(t("{section}: place {n} of {all}", { section: title, n: at + 1 + by, all: sections.value.length }));
    focusId(id); // a section that is moved in the page loses the focus
  }

  return (
    <button id={id} type="button" class="quiet icon-only" aria-label={by < 0 ? t("Move up: {section}", { section: title }) : t("Move down: {section}", { section: title })} aria-disabled={end} onClick={move}>
      <span aria-hidden="true">{by < 0 ? "↑" : "↓"}</span>
    </button>
  );
}
