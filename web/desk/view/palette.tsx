// The palette: type to find, arrows to move, Enter to do. For commands (it also teaches their keys), contacts, and
// saved replies. A combobox with a listbox after the ARIA practices guide.

import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../core/i18n.ts";
import { belongsToIme, chordLabel } from "../../core/keys.ts";
import { close } from "../state/ask.ts";
import type { Command } from "../state/commands.ts";
import { type Desk, nameOf } from "../state/desk.ts";
import { type FilledReply, findReplies } from "../state/saved_replies.ts";
import { useDeskContext } from "./context.ts";
import { Dialog } from "./dialog.tsx";
import { insertReply } from "./inserting.ts";

interface Item {
  key: string;
  label: string;
  detail?: string;
  chord?: string;
  run: () => void;
}

const MOST = 40;

export function Palette({ of }: { of: "commands" | "replies" }) {
  const { desk, commands } = useDeskContext();
  const [text, setText] = useState("");
  /** What the arrows moved to; the first one until they do. */
  const [reached, setReached] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const [replies, setReplies] = useState<readonly FilledReply[] | null>(of === "replies" ? null : []);
  const [problem, setProblem] = useState("");
  /** Enter was pressed before the replies had come. */
  const early = useRef(false);
  // not remembered between two drawings: what can be done may change while the palette is open (the case arrives)
  const items = (of === "replies" ? replyItems(replies ?? [], text) : [...commandItems(commands, text), ...contactItems(desk, text)]).slice(0, MOST);
  const at = Math.max(
    0,
    items.findIndex((item) => item.key === reached),
  );
  const active = items[at];

  useEffect(() => {
    const contactId = desk.openId.peek();
    if (of !== "replies" || !contactId) return;
    desk.replies.filledFor(contactId).then(setReplies, () => setProblem(t("The saved replies could not be read. Please try again.")));
  }, []);

  useEffect(() => {
    if (early.current && replies) choose(active);
    early.current = false;
  }, [replies]);

  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [active?.key, text]);

  function choose(item: Item | undefined): void {
    if (!item) return;
    close();
    // after the focus has gone back, so that the deed may move it on
    requestAnimationFrame(() => requestAnimationFrame(item.run));
  }

  function onKey(event: KeyboardEvent): void {
    if (belongsToIme(event)) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === "Enter") {
      if (replies === null) early.current = true;
      else choose(active);
    } else if (to !== undefined && !((event.key === "Home" || event.key === "End") && text)) setReached(items[(to + items.length) % Math.max(1, items.length)]?.key ?? null);
    else return;
    event.preventDefault();
  }

  function pressed(event: MouseEvent): void {
    const key = (event.target as Element).closest<HTMLElement>("[data-key]")?.dataset.key;
    choose(items.find((item) => item.key === key));
  }

  const title = of === "replies" ? t("Saved replies") : t("Command palette");
  return (
    <Dialog title={title} kind="palette">
      <input
        type="text"
        data-first
        role="combobox"
        aria-label={of === "replies" ? t("Find a saved reply") : t("Find a command or a contact")}
        placeholder={of === "replies" ? t("Find a saved reply") : t("Find a command or a contact")}
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls="desk-palette-list"
        aria-activedescendant={active ? `desk-palette-${active.key}` : undefined}
        autocomplete="off"
        onInput={(event) => {
          setText(event.currentTarget.value);
          setReached(null);
        }}
        onKeyDown={onKey}
      />
      {/* the input has the focus and hears the keys */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus */}
      <div id="desk-palette-list" class="palette-list" role="listbox" aria-label={title} ref={list} onClick={pressed}>
        {items.map((item) => (
          // oxlint-disable-next-line jsx-a11y/interactive-supports-focus
          <div key={item.key} id={`desk-palette-${item.key}`} data-key={item.key} class="palette-item" role="option" aria-selected={item === active}>
            <span class="labels">
              <span>{item.label}</span>
              {item.detail && <small>{item.detail}</small>}
            </span>
            {item.chord && <kbd>{chordLabel(item.chord)}</kbd>}
          </div>
        ))}
      </div>
      {!items.length && <p class="empty">{problem || (replies === null ? t("Loading …") : t("Nothing found."))}</p>}
      {of === "replies" && (
        <p class="palette-foot">
          <a href="/console/replies">{t("Write and change saved replies")}</a>
        </p>
      )}
    </Dialog>
  );
}

function commandItems(commands: readonly Command[], text: string): Item[] {
  const wanted = text.trim().toLowerCase();
  return commands
    .filter((command) => command.palette !== false && command.available() && `${command.label} ${command.name}`.toLowerCase().includes(wanted))
    .map((command) => ({ key: command.name, label: command.label, chord: command.chord, run: command.run }));
}

function contactItems(desk: Desk, text: string): Item[] {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [];
  return desk.inbox
    .all()
    .filter((contact) => `${nameOf(contact)} ${contact.customer?.kana ?? ""} ${contact.title} ${contact.case?.number ?? ""}`.toLowerCase().includes(wanted))
    .slice(0, 12)
    .map((contact) => ({ key: contact.id, label: nameOf(contact), detail: contact.title, run: () => desk.open(contact.id, "heading") }));
}

function replyItems(replies: readonly FilledReply[], text: string): Item[] {
  return findReplies(replies, text).map((one) => ({
    key: one.id,
    label: `${one.name} /${one.shortcut}`,
    detail: [...remarks(one), one.text].join(" ・ "),
    run: () => insertReply(one),
  }));
}

/** What an agent should know before taking it. */
function remarks(one: FilledReply): string[] {
  return [
    ...(one.missing.length ? [t("Still to fill in: {places}", { places: one.missing.join(" ") })] : []),
    ...(one.outdated ? [t("Outdated translation")] : []),
    ...(one.deeds.length ? [t("After sending: {deeds}", { deeds: one.deeds.join(", ") })] : []),
  ];
}
