// The conversation: a log that is not live (the announcer speaks), readable back with the arrow keys.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { day, sameDay } from "../core/formats.ts";
import { t, tn } from "../core/i18n.ts";
import { isShown, type Ledger } from "../core/ledger.ts";
import type { Pending } from "../core/outbox.ts";
import type { Entry } from "../core/shapes.ts";
import { Icon } from "./icons.tsx";
import { EntryRow, PendingRow, type Reader } from "./message.tsx";
import { readBack } from "./reading_back.ts";

export interface MessageListProps {
  ledger: Ledger;
  entries: readonly Entry[];
  pending: readonly Pending[];
  reader: Reader;
  label: string;
  /** Give this entry's card the focus when it appears: the reader's own press brought it. */
  focusSeq?: number;
  /** Who is typing; for the eyes only. */
  typing?: string;
  /** What stands below the last entry, inside the log: resolution, rating. */
  children?: ComponentChildren;
}

const NEAR_END = 80;
const ROOM = 16;

export function MessageList({ ledger, entries, pending, reader, label, focusSeq, typing, children }: MessageListProps) {
  const log = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const seen = useRef(ledger.contact?.customer_seen_seq ?? 0);
  const [unseen, setUnseen] = useState(0);
  const shown = entries.filter(isShown);
  const lastSeq = shown.at(-1)?.seq ?? 0;

  useLayoutEffect(() => {
    const fresh = shown.filter((entry) => entry.seq > seen.current && !entry.mine);
    const own = shown.at(-1)?.mine || pending.length > 0;
    if (atEnd.current || own) {
      const first = own ? -1 : shown.indexOf(fresh[0] as Entry);
      seen.current = lastSeq;
      setUnseen(0);
      const frame = requestAnimationFrame(() => toEnd(log.current, first));
      return () => cancelAnimationFrame(frame);
    }
    setUnseen(fresh.length);
    return undefined;
  }, [lastSeq, pending.length, typing, !!children]);

  function scrolled(): void {
    const element = log.current;
    if (!element) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
    if (!atEnd.current) return;
    seen.current = lastSeq;
    setUnseen(0);
  }

  return (
    <>
      <div class="log" role="log" aria-live="off" aria-label={label} tabIndex={0} ref={log} onScroll={scrolled} onKeyDown={readBack}>
        <ol>
          {shown.map((entry, index) => (
            <EntryRow
              key={entry.seq}
              entry={entry}
              date={sameDay(entry.at, shown[index - 1]?.at ?? "") ? "" : day(entry.at)}
              reader={reader}
              chosen={entry.choices ? ledger.chosen(entry.choices) : null}
              open={ledger.isOpen(entry)}
              fate={proposalFate(ledger, entry)}
              said={saidBy(ledger, entry)}
              focus={entry.seq === focusSeq}
            />
          ))}
          {pending.map((one) => (
            <PendingRow key={one.clientKey} pending={one} />
          ))}
        </ol>
        {typing && (
          <p class="typing" aria-hidden="true">
            {typing}
            <i />
            <i />
            <i />
          </p>
        )}
        {children}
      </div>
      {unseen > 0 && (
        <button type="button" class="unseen" onClick={() => toEnd(log.current)}>
          <Icon name="down" />
          {tn("{n} new message", "{n} new messages", unseen)}
        </button>
      )}
    </>
  );
}

function proposalFate(ledger: Ledger, entry: Entry) {
  return entry.card?.kind === "proposal" ? ledger.fate(String(entry.card.id ?? entry.data.proposal_id)).state : undefined;
}

/** The words of a pressed button, where the entry holds only its value. */
function saidBy(ledger: Ledger, entry: Entry): string {
  const choice = entry.data.choice as { key: string; value: string } | undefined;
  if (entry.text || !choice) return entry.text;
  const question = ledger.entries.find((one) => one.choices?.key === choice.key);
  return question?.choices?.options.find((one) => one.value === choice.value)?.label ?? t("Chosen");
}

/** To the end, but no further than the beginning of the `first` new row: a long answer is read from its start. Where the
 *  whole panel scrolls (low screens), the panel. */
function toEnd(log: HTMLElement | null, first = -1): void {
  const row = log?.querySelectorAll<HTMLElement>(":scope > ol > li:not(.day)")[first];
  for (let element = log; element; element = element.parentElement) {
    const start = row && element === log ? row.offsetTop - ROOM : element.scrollHeight;
    if (element.scrollHeight > element.clientHeight + 1) element.scrollTop = Math.min(start, element.scrollHeight);
    if (element.classList.contains("panel")) return;
  }
}
