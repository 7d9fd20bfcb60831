// One contact in the inbox. Each row listens to its own signal and to two booleans of its own, so that moving through
// 300 rows draws two of them.

import { useComputed } from "@preact/signals";
import { memo } from "preact/compat";
import { useEffect } from "preact/hooks";
import { shortWhen } from "../../core/formats.ts";
import { t, tn } from "../../core/i18n.ts";
import type { Contact } from "../../core/shapes.ts";
import { Icon } from "../../ui/icons.tsx";
import { DeskIcon } from "./icons.tsx";
import { languageName } from "./words.ts";
import { longDuration, secondsSince, tick } from "../state/clock.ts";
import { nameOf } from "../state/desk.ts";
import { dueText, isOverdue, nextDue } from "../state/due.ts";
import { waitingSince } from "../state/views.ts";
import { useDesk } from "./context.ts";

export function rowId(id: string): string {
  return `desk-row-${id}`;
}

export const InboxRow = memo(function InboxRow({ id }: { id: string }) {
  const desk = useDesk();
  const contact = desk.inbox.contact(id)?.value;
  const active = useComputed(() => desk.inbox.row.value === id).value;
  const opened = useComputed(() => desk.openId.value === id).value;
  const chosen = useComputed(() => desk.bulk.selection.ids.value.has(id)).value;

  useEffect(() => {
    if (active) document.getElementById(rowId(id))?.scrollIntoView({ block: "nearest" });
  }, [active]);

  if (!contact) return null;
  const foreign = !contact.language.startsWith(document.documentElement.lang || "ja");
  return (
    // The listbox has the focus and hears keys and presses (aria-activedescendant).
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus
    <div id={rowId(id)} data-contact={id} class={`row${active ? " active" : ""}${contact.unread ? " unread" : ""}${chosen ? " chosen" : ""}`} role="option" aria-selected={opened} aria-checked={chosen || undefined}>
      {chosen && <Icon name="check" />}
      <span class="row-name">
        <span class="name" dir="auto">
          {nameOf(contact)}
        </span>
        {foreign && <span class="lang">{languageName(contact.language)}</span>}
      </span>
      <span class="row-time">
        <Wait contact={contact} />
      </span>
      <span class="row-title">{contact.title}</span>
      <span class="row-foot">
        <span class={`owner ${contact.owner.kind}`}>{ownerLabel(contact, desk.me.value.id)}</span>
        {contact.channel === "callback" && (
          <span class="row-call">
            <DeskIcon name="phone" />
            {t("Call-back")}
          </span>
        )}
        <Others contact={contact} />
        <Unsent id={id} />
        {contact.labels?.map((label) => (
          <span key={label} class="label-tag">
            {label}
          </span>
        ))}
        {contact.customer_present && <span class="present">{t("Online")}</span>}
        {!contact.customer_present && contact.customer_seen_at && contact.state === "open" && <span class="away">{t("Away since {time}", { time: shortWhen(contact.customer_seen_at) })}</span>}
        <Due contact={contact} />
        {contact.unread > 0 && <span class="badge">{tn("{n} new", "{n} new", contact.unread)}</span>}
      </span>
    </div>
  );
});

/** Who else is at it, as text: the one who types goes before those who look. */
function Others({ contact }: { contact: Contact }) {
  const others = contact.viewers ?? [];
  const typing = others.find((one) => one.typing);
  if (!others.length) return null;
  if (typing) return <span class="other">{t("{name} is typing", { name: typing.name })}</span>;
  return <span class="other">{others.length > 1 ? tn("{n} viewing", "{n} viewing", others.length) : t("{name} is viewing", { name: others[0]!.name })}</span>;
}

/** Words and holds of one's own that have not reached the server. */
function Unsent({ id }: { id: string }) {
  const desk = useDesk();
  const waits = useComputed(() => desk.unsent(id)).value;
  return waits ? <span class="unsent">{tn("{n} not sent yet", "{n} not sent yet", waits)}</span> : null;
}

/** The time a customer waits for us; else when it last moved, or when it wakes. Ticks by itself, without its row. */
function Wait({ contact }: { contact: Contact }) {
  const since = waitingSince(contact);
  if (contact.snoozed_until && contact.owner.kind === "agent") return <>{t("until {time}", { time: shortWhen(contact.snoozed_until) })}</>;
  if (!since) return <time dateTime={contact.updated_at}>{shortWhen(contact.updated_at)}</time>;
  return <Ticking since={since} />;
}

/** What is due next in its case, and whether that is late. */
function Due({ contact }: { contact: Contact }) {
  const promise = nextDue(contact);
  const text = useComputed(() => promise && dueText(promise, tick.value)).value;
  const late = useComputed(() => !!promise && isOverdue(promise, tick.value)).value;
  return promise ? <span class={late ? "wait late" : "wait"}>{text}</span> : null;
}

function Ticking({ since }: { since: string }) {
  const text = useComputed(() => longDuration(secondsSince(since)));
  const late = useComputed(() => secondsSince(since) > 180).value;
  return (
    <span class={late ? "wait late" : "wait"}>
      {text} {t("waiting")}
    </span>
  );
}

function ownerLabel(contact: Contact, me: string): string {
  if (contact.state !== "open") return contact.state_label;
  if (contact.owner.kind === "queue") return t("Waiting: {queue}", { queue: contact.owner.name });
  if (contact.owner.kind === "assistant") return t("AI is answering");
  if (contact.owner.kind === "agent") return contact.owner.id === me ? t("Mine") : t("With {agent}", { agent: contact.owner.name });
  return contact.state_label;
}
