// The inbox: views as tabs of one list, own and saved ones, a search, and a listbox in which the keys move without opening.

import { useComputed } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { belongsToIme } from "../../core/keys.ts";
import { t, tn } from "../../core/i18n.ts";
import type { Inbox } from "../../core/shapes.ts";
import { Icon } from "../../ui/icons.tsx";
import { ask } from "../state/ask.ts";
import { show, viewLabel } from "../state/commands.ts";
import { showFollowed, showsFollowed } from "../state/following.ts";
import { type View, VIEWS } from "../state/views.ts";
import { AsideBox } from "./aside_box.tsx";
import { BulkBar, BulkOutcome } from "./bulk_bar.tsx";
import { useDesk } from "./context.ts";
import { criteriaText } from "./criteria_words.ts";
import { DeskIcon } from "./icons.tsx";
import { InboxRow, rowId } from "./inbox_row.tsx";

/** The server counts no further. */
const MOST_COUNTED = 1000;

export function InboxPane() {
  const desk = useDesk();
  return (
    <section class="pane inbox" data-pane-name="inbox" aria-labelledby="desk-inbox-heading">
      <h2 id="desk-inbox-heading">{t("Inbox")}</h2>
      <AsideBox />
      <Search />
      <Views />
      <OpenView />
      <BulkBar />
      <BulkOutcome />
      <List />
      {desk.inbox.more.value && !desk.inbox.found.value && !desk.inbox.only.value && (
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
  const { choosing } = desk.bulk.selection;
  const own = !desk.inbox.found.value && !desk.views.open.value;
  return (
    <div class="views" role="group" aria-label={t("Views of the inbox")}>
      {VIEWS.map((view) => (
        <ViewButton key={view} label={viewLabel(view)} count={countOf(counts, view)} pressed={own && desk.inbox.view.value === view} onPress={() => show(desk, view)} />
      ))}
      {desk.views.list.value.map((view) => (
        <ViewButton
          key={view.id}
          label={view.name}
          detail={view.shared ? t("team") : undefined}
          count={view.count}
          pressed={!desk.inbox.found.value && desk.views.open.value?.view?.id === view.id}
          onPress={() => {
            desk.inbox.clearSearch();
            void desk.attempt(() => desk.views.choose(view));
          }}
        />
      ))}
      <ViewButton label={t("Following")} count={null} pressed={!desk.inbox.found.value && showsFollowed(desk)} onPress={() => showFollowed(desk)} />
      <button type="button" class="filter-button" aria-haspopup="dialog" onClick={() => ask({ kind: "filter" })}>
        <DeskIcon name="filter" />
        {t("Filter")}
      </button>
      <button type="button" class="filter-button" aria-pressed={choosing.value} onClick={() => (choosing.value = !choosing.value)}>
        <Icon name="check" />
        {t("Choose rows")}
      </button>
    </div>
  );
}

interface ViewButtonProps {
  label: string;
  detail?: string;
  count: number | null;
  pressed: boolean;
  onPress: () => void;
}

function ViewButton({ label, detail, count, pressed, onPress }: ViewButtonProps) {
  return (
    <button type="button" aria-pressed={pressed} onClick={onPress}>
      <span class="view-name">{label}</span>
      {detail && <small>{detail}</small>}
      {count !== null && <span class="count">{count < MOST_COUNTED ? count : `${MOST_COUNTED}+`}</span>}
    </button>
  );
}

/** What stands in the place of the own views: its criteria, how many there are, and the ways to save it and back. */
function OpenView() {
  const desk = useDesk();
  const open = desk.views.open.value;
  if (!open || desk.inbox.found.value) return null;
  const changed = JSON.stringify(open.criteria) !== JSON.stringify(open.view?.criteria) || open.sort !== open.view?.sort;
  return (
    <div class="open-view">
      <p>
        {criteriaText(open.criteria, desk.views.filters.value) || t("All open contacts")} · <strong>{tn("{n} contact", "{n} contacts", desk.views.count.value)}</strong>
      </p>
      {(changed || open.view?.can_change) && (
        <button type="button" class="quiet" onClick={() => ask({ kind: "save-view" })}>
          {open.view ? t("Save or change") : t("Save this view")}
        </button>
      )}
      <button type="button" class="quiet" onClick={() => desk.views.leave()}>
        {t("Close the filter")}
      </button>
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
  const open = desk.views.open.value;
  const label = desk.inbox.found.value ? t("Found contacts") : open ? (open.view?.name ?? t("Filtered")) : viewLabel(desk.inbox.view.value);

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
    if (!id) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || desk.bulk.selection.choosing.peek()) {
      desk.inbox.row.value = id;
      return desk.bulk.selection.toggle(id);
    }
    desk.open(id);
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
      {!shown.length && <p class="empty">{emptyText(desk.inbox.found.value !== null || open !== null, desk.inbox.view.value, desk.inbox.loaded.value)}</p>}
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
