// One row of the conversation. Who speaks, whether it is the AI, when, and what became of it are words.

import { Component } from "preact";
import { clockTime } from "../core/formats.ts";
import { t } from "../core/i18n.ts";
import type { ProposalFate } from "../core/ledger.ts";
import type { Pending } from "../core/outbox.ts";
import type { Entry, HandOverSummary, ProposalView } from "../core/shapes.ts";
import { Attachments } from "./attachments.tsx";
import { CardView } from "./cards.tsx";
import { Choices } from "./choices.tsx";
import { useDeeds } from "./deeds.ts";
import { ProposalCard } from "./proposal_card.tsx";
import { SummaryCard } from "./summary_card.tsx";
import { Words } from "./words.tsx";

/** Whose screen it is: one's own side is the near one. Staff see the house (assistant, agents) as near. */
export type Reader = "customer" | "staff";

export interface EntryRowProps {
  entry: Entry;
  /** The day, when it begins with this entry. */
  date: string;
  reader: Reader;
  chosen: string | null;
  open: boolean;
  fate?: ProposalFate["state"];
  said: string;
  focus: boolean;
}

/** Drawn again only when something of its own changed: a long conversation stays quick. */
export class EntryRow extends Component<EntryRowProps> {
  shouldComponentUpdate(next: EntryRowProps): boolean {
    return (Object.keys(next) as (keyof EntryRowProps)[]).some((key) => next[key] !== this.props[key]);
  }

  render() {
    const { entry, date } = this.props;
    const spoken = entry.kind === "message" || entry.kind === "note.added";
    return (
      <>
        {date && (
          <li class="day">
            <span>{date}</span>
          </li>
        )}
        {spoken ? <Spoken {...this.props} /> : <Fact {...this.props} />}
      </>
    );
  }
}

function Spoken({ entry, reader, chosen, open, said, fate, focus }: EntryRowProps) {
  const deeds = useDeeds();
  const near = reader === "customer" ? entry.author.kind === "customer" : entry.author.kind !== "customer";
  const note = entry.kind === "note.added";
  const view: unknown = entry.card;
  const asks = entry.card?.kind === "proposal";
  const original = entry.data.original as { text: string; lang: string } | undefined;
  const wordsId = `words-${entry.contact_id}-${entry.seq}`;
  return (
    <li class={`msg ${near ? "near" : "far"} by-${entry.author.kind}${note ? " note" : ""}`} tabIndex={-1}>
      <p class="who">
        <span class={entry.mine ? "unseen-text" : "name"}>{entry.mine ? t("You") : entry.author.name}</span>
        {note && <span class="tag">{t("Internal note")}</span>} <time dateTime={entry.at}>{clockTime(entry.at)}</time>
      </p>
      {said && <Words id={wordsId} text={said} lang={entry.lang} links={entry.author.kind !== "customer"} />}
      {original && (
        <details>
          <summary>{t("Translated; show the original")}</summary>
          <Words text={original.text} lang={original.lang} />
        </details>
      )}
      <Attachments files={entry.attachments} />
      {asks ? <ProposalCard view={view as ProposalView} fate={fate ?? "open"} focus={focus} /> : entry.card && <CardView card={entry.card} />}
      {entry.choices && (
        <Choices
          choices={entry.choices}
          questionId={wordsId}
          chosen={chosen}
          open={open}
          firstIsDeed={asks}
          onChoose={(option) => deeds.choose(entry, option)}
        />
      )}
    </li>
  );
}

function Fact({ entry, fate, focus }: EntryRowProps) {
  const { card } = entry;
  const view: unknown = card;
  return (
    <li class={`fact ${entry.kind.replace(".", "-")}`} tabIndex={-1}>
      {entry.text && card?.kind !== "proposal" && card?.kind !== "receipt" && (
        <p class="divider">
          <span>
            {entry.text} <time dateTime={entry.at}>{clockTime(entry.at)}</time>
          </span>
        </p>
      )}
      {entry.kind === "hand_over.summary_corrected" && <Words text={String(entry.data.text ?? "")} links={false} />}
      {card?.kind === "proposal" ? (
        <ProposalCard view={view as ProposalView} fate={fate ?? "open"} focus={focus} />
      ) : card?.kind === "summary" ? (
        <SummaryCard summary={view as HandOverSummary} />
      ) : (
        card && <CardView card={card} />
      )}
    </li>
  );
}

/** Own words on their way. */
export class PendingRow extends Component<{ pending: Pending }> {
  render() {
    const { pending } = this.props;
    const text = pending.text || pending.choiceLabel || pending.attachments.map((file) => file.name).join(" ");
    return (
      <li class={`msg near pending ${pending.state}`} tabIndex={-1}>
        <Words text={text} links={false} />
        <PendingState pending={pending} />
      </li>
    );
  }
}

function PendingState({ pending }: { pending: Pending }) {
  const deeds = useDeeds();
  if (pending.state === "sending") return <p class="who">{t("Sending…")}</p>;
  return (
    <p class="who problem">
      {pending.reason || t("Not sent: no connection.")}
      <button type="button" class="quiet" onClick={() => deeds.retry(pending.clientKey)}>
        {t("Send again")}
      </button>
      {pending.text && (
        <button type="button" class="quiet" onClick={() => deeds.edit(pending.clientKey)}>
          {t("Edit")}
        </button>
      )}
    </p>
  );
}
