// Search: type, arrows to move, Enter to open. Every hit shows its words and where they stand; a combobox as the palette.

import { useEffect, useRef, useState } from "preact/hooks";
import { dayAndTime } from "../../core/formats.ts";
import { t, tn } from "../../core/i18n.ts";
import { belongsToIme } from "../../core/keys.ts";
import type { Found, Hit } from "../../core/shapes.ts";
import { close } from "../state/ask.ts";
import { nameOf } from "../state/desk.ts";
import type { Filters, Finding } from "../state/finding.ts";
import { useDesk } from "./context.ts";
import { Dialog } from "./dialog.tsx";
import { languageName } from "./words.ts";

const LIST = "desk-found";
const LANGUAGES = ["ja", "en", "zh-Hans", "zh-Hant", "ko"];

export function SearchDialog() {
  const desk = useDesk();
  const finding = desk.finding;
  const [at, setAt] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const found = finding.found.value;
  const active = found[Math.min(at, found.length - 1)];

  useEffect(() => {
    if (field.current) field.current.value = finding.words.peek();
    field.current?.select();
  }, []);
  useEffect(() => setAt(0), [finding.words.value, finding.filters.value]);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at, found]);

  function open(one: Found | undefined): void {
    if (!one) return;
    finding.keep();
    desk.inbox.update(one.contact);
    close();
    // after the focus has gone back, so that the opened contact may take it
    requestAnimationFrame(() => requestAnimationFrame(() => desk.open(one.contact.id, "heading")));
  }

  function onKey(event: KeyboardEvent): void {
    if (belongsToIme(event)) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 5, PageUp: at - 5 }[event.key];
    if (event.key === "Enter") open(active);
    else if (to !== undefined && found.length) move(to);
    else return;
    event.preventDefault();
  }

  function move(to: number): void {
    if (to >= found.length && finding.next.peek()) void finding.more();
    setAt(Math.min(Math.max(to, 0), found.length - 1));
  }

  function typed(text: string): void {
    finding.type(text);
  }

  function again(words: string): void {
    if (field.current) field.current.value = words;
    finding.type(words);
    field.current?.focus();
  }

  function pressed(event: MouseEvent): void {
    const id = (event.target as Element).closest<HTMLElement>("[data-found]")?.dataset.found;
    open(found.find((one) => one.contact.id === id));
  }

  return (
    <Dialog title={t("Search everything that was said")} kind="finding">
      <input
        ref={field}
        type="text"
        data-first
        role="combobox"
        aria-label={t("Words, “phrases”, numbers, names, readings")}
        placeholder={t("Words, “phrases”, numbers, names, readings")}
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls={LIST}
        aria-activedescendant={active ? optionId(active) : undefined}
        autocomplete="off"
        maxLength={200}
        onInput={(event) => !event.isComposing && typed(event.currentTarget.value)}
        onCompositionEnd={(event) => typed(event.currentTarget.value)}
        onKeyDown={onKey}
      />
      <Narrowing finding={finding} />
      <p class="found-count" role="status">
        {countText(finding)}
      </p>
      {finding.state.value === "idle" && <Recent finding={finding} onPick={again} />}
      {/* the input has the focus and hears the keys */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus */}
      <div id={LIST} class="palette-list found" role="listbox" aria-label={t("What was found")} ref={list} onClick={pressed}>
        {found.map((one) => (
          <Result key={one.contact.id} one={one} selected={one === active} />
        ))}
      </div>
      {finding.next.value && (
        <button type="button" onClick={() => void finding.more()}>
          {t("Show more")}
        </button>
      )}
    </Dialog>
  );
}

function Result({ one, selected }: { one: Found; selected: boolean }) {
  const { contact } = one;
  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus
    <div id={optionId(one)} data-found={contact.id} class="palette-item" role="option" aria-selected={selected}>
      <span class="labels">
        <span dir="auto">
          {nameOf(contact)} ・ {contact.title}
        </span>
        <small>{[contact.case?.number, contact.state_label, dayAndTime(contact.opened_at)].filter(Boolean).join(" ・ ")}</small>
        {one.hits.map((hit) => (
          <Words key={hit.seq} hit={hit} />
        ))}
        {one.more > 0 && <small>{tn("and {n} more place", "and {n} more places", one.more)}</small>}
      </span>
    </div>
  );
}

function Words({ hit }: { hit: Hit }) {
  return (
    <span class="hit" dir="auto">
      {hit.internal && <span class="chip">{t("Internal")}</span>} {hit.author && <b>{hit.author.name}: </b>}
      {hit.pieces.map((piece, place) => (piece.marked ? <mark key={place}>{piece.text}</mark> : piece.text))}
    </span>
  );
}

function Narrowing({ finding }: { finding: Finding }) {
  const filters = finding.filters.value;
  const set = (name: keyof Filters) => (event: { currentTarget: HTMLInputElement | HTMLSelectElement }) => finding.narrow({ [name]: event.currentTarget.value });
  const channels: [string, string][] = [["", t("All")], ["chat", t("Chat")], ["mail", t("Mail")], ["form", t("Enquiry form")], ["phone", t("Telephone call")]];
  const states: [string, string][] = [["", t("All")], ["open", t("Open")], ["resolved", t("Resolved")], ["ended", t("Ended")]];
  const languages: [string, string][] = [["", t("All")], ...LANGUAGES.map((tag): [string, string] => [tag, languageName(tag)])];
  return (
    <div class="narrowing" role="group" aria-label={t("Narrow down")}>
      <Choice label={t("Channel")} value={filters.channel} options={channels} onChange={set("channel")} />
      <Choice label={t("State")} value={filters.state} options={states} onChange={set("state")} />
      <Choice label={t("Language")} value={filters.language} options={languages} onChange={set("language")} />
      <label>
        {t("From (day)")}
        <input type="date" value={filters.since} onChange={set("since")} />
      </label>
      <label>
        {t("Until (day)")}
        <input type="date" value={filters.until} onChange={set("until")} />
      </label>
      <label class="switch">
        <input type="checkbox" checked={filters.files} onChange={(event) => finding.narrow({ files: event.currentTarget.checked })} />
        {t("With files")}
      </label>
    </div>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: [string, string][];
  onChange: (event: { currentTarget: HTMLSelectElement }) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <label>
      {label}
      <select value={value} onChange={onChange}>
        {options.map(([key, words]) => (
          <option key={key} value={key}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

function Recent({ finding, onPick }: { finding: Finding; onPick: (words: string) => void }) {
  if (!finding.recent.value.length) return <p class="empty">{t("Names and words may be mixed: “佐藤 返品”. “…” or 「…」 finds a phrase.")}</p>;
  return (
    <div class="recent" role="group" aria-label={t("Looked for lately")}>
      {finding.recent.value.map((words) => (
        <button key={words} type="button" onClick={() => onPick(words)}>
          {words}
        </button>
      ))}
      <button type="button" class="quiet" onClick={() => finding.forget()}>
        {t("Forget these")}
      </button>
    </div>
  );
}

function countText(finding: Finding): string {
  const count = finding.found.value.length;
  switch (finding.state.value) {
    case "idle":
      return "";
    case "asking":
      return t("Searching…");
    case "failed":
      return t("The search did not answer. Please try again.");
    default:
      if (!count) return t("Nothing found. Try fewer or other words, or fewer filters.");
      return finding.next.value ? t("The newest {n} contacts", { n: count }) : tn("{n} contact found", "{n} contacts found", count);
  }
}

function optionId(one: Found): string {
  return `desk-found-${one.contact.id}`;
}
