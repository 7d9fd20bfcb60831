// Colleagues to choose from while a name is typed after @ in a note: a listbox below the field, which keeps the focus.

import { useRef, useState } from "preact/hooks";
import { t, tn } from "../../core/i18n.ts";
import { belongsToIme } from "../../core/keys.ts";
import type { Agent } from "../../core/shapes.ts";
import { fitting, type Typed, typedName } from "../state/mentioning.ts";
import { useDesk } from "./context.ts";

const MOST = 8;

export interface Mentioning {
  people: readonly Agent[];
  at: number;
  /** After each change of the text or the cursor. */
  typed: (element: HTMLTextAreaElement) => void;
  /** Whether the key was for the list. */
  key: (event: KeyboardEvent, element: HTMLTextAreaElement) => boolean;
  choose: (agent: Agent, element: HTMLTextAreaElement) => void;
  close: () => void;
}

/** `on`: in notes only. `changed`: the text was changed by choosing. */
export function useMentions(on: boolean, changed: () => void): Mentioning {
  const desk = useDesk();
  const team = useRef<Promise<Agent[]> | null>(null);
  const [typing, setTyping] = useState<Typed | null>(null);
  const [people, setPeople] = useState<readonly Agent[]>([]);
  const [at, setAt] = useState(0);

  function close(): void {
    setTyping(null);
    setPeople([]);
  }

  function typed(element: HTMLTextAreaElement): void {
    const now = on ? typedName(element.value, element.selectionStart) : null;
    if (!now) return typing ? close() : undefined;
    team.current ??= desk.api.get<Agent[]>("/agents").catch(() => ((team.current = null), []));
    setTyping(now);
    setAt(0);
    void team.current.then((all) => {
      const found = fitting(
        all.filter((one) => one.id !== desk.me.peek().id),
        now.name,
      ).slice(0, MOST);
      setPeople(found);
      if (found.length) desk.announcer.say(tn("{n} colleague matches", "{n} colleagues match", found.length));
    });
  }

  function choose(agent: Agent, element: HTMLTextAreaElement): void {
    if (!typing) return;
    element.setRangeText(`@${agent.name} `, typing.at, element.selectionStart, "end");
    element.focus();
    close();
    changed();
  }

  function key(event: KeyboardEvent, element: HTMLTextAreaElement): boolean {
    if (!people.length || belongsToIme(event)) return false;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (to !== undefined) setAt((to + people.length) % people.length);
    else if (event.key === "Escape") close();
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || (event.key === "Tab" && !event.shiftKey)) choose(people[at]!, element);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  return { people, at, typed, key, choose, close };
}

export function MentionList({ mentioning, field }: { mentioning: Mentioning; field: () => HTMLTextAreaElement | null }) {
  const { people, at } = mentioning;
  if (!people.length) return null;

  function pressed(event: MouseEvent): void {
    const id = (event.target as Element).closest<HTMLElement>("[data-agent]")?.dataset.agent;
    const chosen = people.find((one) => one.id === id);
    const element = field();
    if (chosen && element) mentioning.choose(chosen, element);
  }

  return (
    // the field has the focus and hears the keys
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div id="desk-mentions" class="mentions" role="listbox" aria-label={t("Colleagues")} onMouseDown={(event) => event.preventDefault()} onClick={pressed}>
      {people.map((one, index) => (
        // oxlint-disable-next-line jsx-a11y/interactive-supports-focus
        <div key={one.id} class="palette-item" id={`desk-mention-${one.id}`} data-agent={one.id} role="option" aria-selected={index === at}>
          <span>{one.name}</span> <small>{one.status_label}</small>
        </div>
      ))}
    </div>
  );
}
