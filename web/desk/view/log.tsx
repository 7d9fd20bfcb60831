// The log: messages, internal notes and facts. It is not live itself (the announcer speaks); arrows read it back.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { day, sameDay } from "../../core/formats.ts";
import { t, tn } from "../../core/i18n.ts";
import type { Entry } from "../../core/shapes.ts";
import { Icon } from "../../ui/icons.tsx";
import { readBack } from "../../ui/reading_back.ts";
import type { Talk } from "../state/talk.ts";
import { useDesk } from "./context.ts";
import { LogRow, PendingRow } from "./log_row.tsx";

const NEAR_END = 80;
/** The machinery of assistant and routing; shown only when the agent wants details. */
const DETAILS = new Set(["assistant.understood", "flow.started", "flow.answered", "flow.ended", "offer.made", "offer.expired", "queue.position_changed", "contact.opened", "proposal.confirmed", "mail.left"]);

export function Log({ talk }: { talk: Talk }) {
  const desk = useDesk();
  const log = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const seen = useRef(0);
  const [unseen, setUnseen] = useState(0);
  const details = desk.preferences.details.value;
  const entries = talk.entries.value.filter((entry) => isShown(entry, details));
  const pending = talk.pending.value;
  const customerSeen = talk.contact.value?.customer_seen_seq ?? 0;
  const lastRead = entries.findLast((entry) => entry.kind === "message" && entry.author.kind === "agent" && entry.seq <= customerSeen)?.seq;
  const lastSeq = entries.at(-1)?.seq ?? 0;

  useLayoutEffect(() => {
    const fresh = entries.filter((entry) => entry.seq > seen.current && !entry.mine).length;
    if (atEnd.current || entries.at(-1)?.mine || pending.length) {
      seen.current = lastSeq;
      setUnseen(0);
      const frame = requestAnimationFrame(() => toEnd(log.current));
      return () => cancelAnimationFrame(frame);
    }
    setUnseen(fresh);
    return undefined;
  }, [lastSeq, pending.length, details]);

  // The composer below it and what is in it grow and shrink: whoever reads the newest goes on reading the newest.
  useLayoutEffect(() => {
    const watch = new ResizeObserver(() => atEnd.current && toEnd(log.current));
    for (const part of [log.current, log.current?.firstElementChild]) if (part) watch.observe(part);
    return () => watch.disconnect();
  }, []);

  function scrolled(): void {
    const element = log.current;
    if (!element) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
    if (!atEnd.current) return;
    seen.current = lastSeq;
    setUnseen(0);
  }

  return (
    <div class="log-holder">
      <div id="desk-log" class="log" role="log" aria-live="off" aria-label={t("Conversation")} tabIndex={0} ref={log} onScroll={scrolled} onKeyDown={(event) => readBack(event) && event.stopPropagation()}>
        <ol>
          {entries.map((entry, index) => (
            <LogRow
              key={entry.seq}
              entry={entry}
              date={sameDay(entry.at, entries[index - 1]?.at ?? "") ? "" : day(entry.at)}
              near={follows(entries[index - 1], entry)}
              chosen={entry.choices ? (talk.ledger.chosen(entry.choices) ?? "") : ""}
              fate={entry.card?.kind === "proposal" ? talk.ledger.fate(proposalId(entry)).state : ""}
              read={entry.seq === lastRead}
              said={saidBy(talk, entry)}
            />
          ))}
          {pending.map((one) => (
            <PendingRow key={one.clientKey} pending={one} />
          ))}
        </ol>
        {talk.loaded.value && !entries.length && <p class="empty">{t("Nothing has been said yet.")}</p>}
      </div>
      {unseen > 0 && (
        <button type="button" class="unseen" onClick={() => toEnd(log.current)}>
          <Icon name="down" />
          {tn("{n} new message", "{n} new messages", unseen)}
        </button>
      )}
    </div>
  );
}

function isShown(entry: Entry, details: boolean): boolean {
  if (entry.kind === "message" || entry.kind === "note.added") return true;
  if (DETAILS.has(entry.kind)) return details;
  return !!(entry.text || entry.card);
}

export function proposalId(entry: Entry): string {
  return String(entry.card?.id ?? entry.data.proposal_id ?? "");
}

/** Whether an entry goes on with the same speaker within two minutes, so that the name need not stand again. */
function follows(before: Entry | undefined, entry: Entry): boolean {
  if (!before || before.kind !== "message" || entry.kind !== "message") return false;
  const near = before.author.kind === entry.author.kind && before.author.id === entry.author.id;
  return near && Date.parse(entry.at) - Date.parse(before.at) < 120_000 && sameDay(before.at, entry.at);
}

/** The words of a pressed button, where the entry holds only its value. */
function saidBy(talk: Talk, entry: Entry): string {
  const choice = entry.data.choice as { key: string; value: string } | undefined;
  if (entry.text || !choice) return entry.text;
  const question = talk.ledger.entries.find((one) => one.choices?.key === choice.key);
  return question?.choices?.options.find((one) => one.value === choice.value)?.label ?? choice.value;
}

function toEnd(log: HTMLElement | null): void {
  if (log) log.scrollTop = log.scrollHeight;
}
