// One row of the log. Who speaks, whether it is the AI or a note, when, and whether it was read are words.

import { memo } from "preact/compat";
import { useState } from "preact/hooks";
import { clockTime, dayAndTime } from "../../core/formats.ts";
import { t } from "../../core/i18n.ts";
import type { Pending } from "../../core/outbox.ts";
import type { ChoicesView, Entry, ProposalView } from "../../core/shapes.ts";
import { Attachments } from "../../ui/attachments.tsx";
import { CardView } from "../../ui/cards.tsx";
import { Words } from "../../ui/words.tsx";
import { isWhisper } from "../state/helping_hands.ts";
import { useDesk } from "./context.ts";
import { DeskIcon } from "./icons.tsx";
import { MailLink } from "./mail_facts.tsx";
import { Translated } from "./translations.tsx";
import { ProposalBody, ProposalState } from "./proposal.tsx";
import { WaitingMail } from "./waiting_mail.tsx";

export interface LogRowProps {
  entry: Entry;
  date: string;
  near: boolean;
  chosen: string;
  fate: string;
  read: boolean;
  said: string;
}

export const LogRow = memo(function LogRow(props: LogRowProps) {
  const spoken = props.entry.kind === "message" || props.entry.kind === "note.added";
  return (
    <>
      {props.date && (
        <li class="day">
          <span>{props.date}</span>
        </li>
      )}
      {spoken ? <Spoken {...props} /> : <Fact {...props} />}
    </>
  );
});

function Spoken({ entry, near, chosen, read, said }: LogRowProps) {
  const note = entry.kind === "note.added";
  const whisper = isWhisper(entry);
  const kind = whisper ? "note whisper" : note ? "note" : entry.author.kind;
  return (
    <li class={`entry ${kind}${near ? " near" : ""}${entry.mine ? " mine" : ""}`} tabIndex={-1}>
      <p class={near ? "unseen-text" : "who"}>
        <span class="name" dir="auto">
          {entry.author.name}
        </span>
        {note && (
          <span class="tag">
            <DeskIcon name="lock" />
            {whisper ? t("Whisper, for you and staff only") : t("Internal note")}
          </span>
        )}{" "}
        <time dateTime={entry.at} title={dayAndTime(entry.at)}>
          {clockTime(entry.at)}
        </time>
      </p>
      {said && <Words text={said} lang={entry.lang} links={entry.author.kind !== "customer"} />}
      {said && <Translated entry={entry} />}
      <Attachments files={entry.attachments} />
      {entry.card && <CardView card={entry.card} />}
      {entry.choices && <Offered choices={entry.choices} chosen={chosen} />}
      {read && <p class="read">{t("Read")}</p>}
    </li>
  );
}

/** What the customer was offered to press, and pressed. */
function Offered({ choices, chosen }: { choices: ChoicesView; chosen: string }) {
  return (
    <ul class="offered" aria-label={t("Choices offered")}>
      {choices.options.map((option) => (
        <li key={option.value} class={option.value === chosen ? "chosen" : ""}>
          {option.value === chosen && <span class="unseen-text">{t("Customer chose")}: </span>}
          {option.label}
        </li>
      ))}
    </ul>
  );
}

function Fact({ entry, fate }: LogRowProps) {
  const { card } = entry;
  if (card?.kind === "proposal") return <Proposed entry={entry} view={card as unknown as ProposalView} fate={fate} />;
  return (
    <li class={`fact ${entry.visibility}`} tabIndex={-1}>
      <p>
        {entry.visibility === "internal" && (
          <span class="tag">
            <DeskIcon name="lock" />
            {t("Internal")}
          </span>
        )}{" "}
        {entry.kind === "mail.waits" ? t("Reply by mail") : entry.text || detailText(entry)} <time dateTime={entry.at}>{clockTime(entry.at)}</time>
      </p>
      {noteOf(entry) && <p class="fact-note">{noteOf(entry)}</p>}
      <WaitingMail entry={entry} />
      <MailLink entry={entry} />
      <Attachments files={entry.attachments} />
      {card && card.kind !== "summary" && <CardView card={card} />}
    </li>
  );
}

/** A note that went along with a transfer. */
function noteOf(entry: Entry): string {
  return entry.kind === "contact.transferred" && typeof entry.data.note === "string" ? entry.data.note : "";
}

function detailText(entry: Entry): string {
  const values = Object.entries(entry.data).map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return [entry.kind, ...values].join(" · ").slice(0, 400);
}

function Proposed({ entry, view, fate }: { entry: Entry; view: ProposalView; fate: string }) {
  const desk = useDesk();
  const [busy, setBusy] = useState(false);
  const state = fate === "open" ? view.state : fate;
  // a colleague's own request above the limit needs a supervisor; the server has the last word
  const mayApprove = state === "awaiting_approval" && (desk.isSupervisor || entry.author.kind !== "agent");
  const by = { customer: t("Proposed to the customer"), agent: t("Proposed by {name}", { name: entry.author.name }) }[entry.author.kind === "agent" ? "agent" : "customer"];

  function decide(verb: "approve" | "withdraw"): void {
    if (busy) return;
    setBusy(true);
    void desk.decide(view, verb).finally(() => setBusy(false));
  }

  return (
    <li class={`fact card-fact ${entry.visibility}`} tabIndex={-1}>
      <section class="card proposal-card" aria-label={view.title}>
        <p class="card-by">
          {by} <time dateTime={entry.at}>{clockTime(entry.at)}</time>
        </p>
        <h3>{view.title}</h3>
        <ProposalBody view={view} />
        <ProposalState state={state} />
        {mayApprove && (
          <div class="deeds">
            <button type="button" class="primary" aria-disabled={busy} onClick={() => decide("approve")}>
              {t("Approve: {deed}", { deed: view.title })}
            </button>
            <button type="button" aria-disabled={busy} onClick={() => decide("withdraw")}>
              {t("Do not approve")}
            </button>
          </div>
        )}
      </section>
    </li>
  );
}

/** Own words on their way. */
export function PendingRow({ pending }: { pending: Pending }) {
  const desk = useDesk();
  return (
    <li class={`entry ${pending.internal ? "note" : "agent"} mine pending ${pending.state}`} tabIndex={-1}>
      <Words text={pending.text || pending.attachments.map((file) => file.name).join(" ")} links={false} />
      {pending.state === "sending" ? (
        <p class="read">{t("Sending…")}</p>
      ) : (
        <p class="read bad">
          {pending.reason || t("Not sent: no connection.")}
          <button type="button" class="quiet" onClick={() => desk.outbox.retry(pending.clientKey)}>
            {t("Send again")}
          </button>
          <button type="button" class="quiet" onClick={() => desk.giveBack(pending)}>
            {t("Edit")}
          </button>
        </p>
      )}
    </li>
  );
}
