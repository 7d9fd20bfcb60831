// The inbox: views as tabs of one list, a search, and a listbox in which the keys move without opening.

import { useComputed } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { belongsToIme } from "../../core/keys.ts";
import { t } from "../../core/i18n.ts";
import type { Inbox } from "../../core/shapes.ts";
import { viewLabel } from "../state/commands.ts";
import { type View, VIEWS } from "../state/views.ts";
import { useDesk } from "./context.ts";
import { InboxRow, rowId } from "./inbox_row.tsx";

export function InboxPane() {
  const desk = useDesk();
  return (
    <section class="pane inbox" data-pane-name="inbox" aria-labelledby="desk-inbox-heading">
      <h2 id="desk-inbox-heading">{t("Inbox")}</h2>
      <Search />
      <Views />
      <List />
      {desk.inbox.more.value && !desk.inbox.found.value && (
        <button type="button" class="more" onClick={() => void desk.attempt(() => desk.inbox.loadMore())}>
          {t("Show more")}
        </button>
      )}
    </section>
  );
}

function Search() {
  const desk = useDesk();
  const cleared = desk.inbox.found.value === null && desk.inbox.search.value === "";

  useEffect(() => {
    const field = document.getElementById("desk-search") as HTMLInputElement | null;
    if (cleared && field && document.activeElement !== field) field.value = "";
  }, [cleared]);

  let timer: ReturnType<typeof setTimeout> | undefined;
  const typed = (event: InputEvent): void => {
    if (event.isComposing) return;
    look((event.currentTarget as HTMLInputElement).value);
  };
  function look(text: string): void {
    clearTimeout(timer);
    timer = setTimeout(() => void desk.attempt(() => desk.inbox.look(text)), 200);
  }
  return (
    <div class="search">
      <input
        id="desk-search"
        type="search"
        aria-label={t("Search by name, reading, mail or number")}
        placeholder={t("Name, reading, number")}
        onInput={typed}
        onCompositionEnd={(event) => look((event.currentTarget as HTMLInputElement).value)}
        onKeyDown={(event) => {
          if (!belongsToIme(event) && (event.key === "ArrowDown" || event.key === "Enter")) {
            event.preventDefault();
            document.getElementById("desk-list")?.focus();
          }
        }}
      />
    </div>
  );
}

function Views() {
  const desk = useDesk();
  const counts = desk.inbox.counts.value;
  return (
    <div class="views" role="group" aria-label={t("Views of the inbox")}>
      {VIEWS.map((view) => {
        const count = countOf(counts, view);
        return (
          <button
            key={view}
            type="button"
            aria-pressed={desk.inbox.view.value === view && !desk.inbox.found.value}
            onClick={() => void desk.attempt(() => desk.inbox.open(view))}
          >
            {viewLabel(view)}
            {count !== null && <span class="count">{count}</span>}
          </button>
        );
      })}
    </div>
  );
}

function countOf(counts: Inbox["counts"], view: View): number | null {
  return view === "ended" ? null : counts[view];
}

function List() {
  const desk = useDesk();
  const shown = desk.inbox.shown;
  const active = useComputed(() => {
    const id = desk.inbox.row.value;
    return id !== null && desk.inbox.shown.includes(id) ? rowId(id) : undefined;
  });
  const label = desk.inbox.found.value ? t("Found contacts") : viewLabel(desk.inbox.view.value);

  function onKey(event: KeyboardEvent): void {
    if (belongsToIme(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const { inbox } = desk;
    const row = inbox.row.peek();
    if (event.key === "Enter") {
      if (row) desk.open(row, "heading");
    } else if (event.key === "ArrowDown") inbox.row.value = inbox.neighbour(row, 1);
    else if (event.key === "ArrowUp") inbox.row.value = inbox.neighbour(row, -1);
    else if (event.key === "Home") inbox.row.value = inbox.shown[0] ?? null;
    else if (event.key === "End") inbox.row.value = inbox.shown.at(-1) ?? null;
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function pressed(event: MouseEvent): void {
    const id = (event.target as Element).closest<HTMLElement>("[data-contact]")?.dataset.contact;
    if (id) desk.open(id);
  }

  return (
    <div class="list-holder">
      <div
        id="desk-list"
        class="list"
        role="listbox"
        tabIndex={0}
        aria-label={label}
        aria-activedescendant={active.value}
        onKeyDown={onKey}
        onClick={pressed}
        onFocus={() => (desk.inbox.row.value ??= desk.inbox.shown[0] ?? null)}
      >
        {shown.map((id) => (
          <InboxRow key={id} id={id} />
        ))}
      </div>
      {!shown.length && <p class="empty">{emptyText(desk.inbox.found.value !== null, desk.inbox.view.value, desk.inbox.loaded.value)}</p>}
    </div>
  );
}

function emptyText(searched: boolean, view: View, loaded: boolean): string {
  if (searched) return t("Nothing found.");
  if (!loaded) return "";
  return {
    mine: t("You have no contact in hand."),
    waiting: t("Nobody is waiting."),
    snoozed: t("Nothing is on hold."),
    assistant: t("The assistant has no contact now."),
    ended: t("No contact has ended yet."),
  }[view];
}
