// The conversation: who it is, what was handed over, the log, and where one writes.

import { useEffect } from "preact/hooks";
import { clockTime, day, dayAndTime, sameDay } from "../../core/formats.ts";
import { t } from "../../core/i18n.ts";
import { chordLabel } from "../../core/keys.ts";
import type { Contact } from "../../core/shapes.ts";
import { Icon } from "../../ui/icons.tsx";
import { tick } from "../state/clock.ts";
import { nameOf, ownerText } from "../state/desk.ts";
import type { Talk } from "../state/talk.ts";
import { ReplyBox } from "./reply_box.tsx";
import { useChord, useDesk, useDeskContext } from "./context.ts";
import { focusId } from "./focus.ts";
import { HandOver } from "./hand_over.tsx";
import { DeskIcon, type DeskIconName } from "./icons.tsx";
import { Log } from "./log.tsx";
import { LaterDialog } from "./later_dialog.tsx";
import { useLate } from "./late.ts";
import { PeopleBar } from "./people_bar.tsx";
import { StrainBanner } from "./strain_banner.tsx";
import { TranslateBar } from "./translations.tsx";
import { channelLabel, languageName } from "./words.ts";

export function TalkPane() {
  const desk = useDesk();
  const talk = desk.talk.value;
  return (
    <section class="pane talk" data-pane-name="talk" aria-labelledby="desk-talk-heading">
      {talk ? <Opened key={talk.id} talk={talk} /> : <Nothing />}
    </section>
  );
}

function Nothing() {
  return (
    <div class="nothing">
      <h2 id="desk-talk-heading" tabIndex={-1}>
        {t("Conversation")}
      </h2>
      <p>{t("Choose a contact from the inbox, or wait for the next one.")}</p>
      <p class="hint">
        <kbd>{useChord("down")}</kbd> <kbd>{useChord("up")}</kbd> {t("move")} · <kbd>Enter</kbd> {t("open")} · <kbd>{useChord("accept")}</kbd> {t("accept")}
      </p>
    </div>
  );
}

function Opened({ talk }: { talk: Talk }) {
  const desk = useDesk();
  const contact = talk.contact.value;
  const loaded = talk.loaded.value;
  const problem = talk.problem.value;
  const late = useLate(!loaded && !problem);

  useEffect(() => {
    const arrival = desk.arrival.peek();
    if (!loaded || arrival === "none") return;
    desk.arrival.value = "none";
    if (arrival === "reply") focusId("desk-words");
    else focusId("desk-handover-heading", "desk-talk-heading");
  }, [loaded]);

  return (
    <>
      <div class="talk-head">
        <div class="talk-title">
          <button type="button" class="quiet icon-only back" aria-label={t("Back to the inbox")} onClick={() => (desk.pane.value = "inbox")}>
            <Icon name="back" />
          </button>
          <h2 id="desk-talk-heading" tabIndex={-1}>
            <span dir="auto">{contact ? nameOf(contact) : ""}</span>
            <span class="talk-about">{contact?.title ?? t("Conversation")}</span>
          </h2>
          <button type="button" class="quiet to-customer" onClick={() => (desk.pane.value = "customer")}>
            <Icon name="person" />
            {t("Customer")}
          </button>
        </div>
        {contact && <Facts contact={contact} />}
        <Collision talk={talk} />
        <PeopleBar />
        <Deeds />
      </div>
      {problem ? (
        <div class="empty bad" role="alert">
          <p>{problem.message || t("The conversation could not be loaded.")}</p>
          <button type="button" onClick={() => void talk.load()}>
            {t("Try again")}
          </button>
        </div>
      ) : late ? (
        <div class="skeleton" aria-hidden="true">
          <i />
          <i />
          <i />
        </div>
      ) : (
        <>
          {contact && <StrainBanner key={contact.id} contact={contact} />}
          {desk.calls.open.value ? <LaterDialog show={({ CallCard }) => <CallCard />} /> : <HandOver talk={talk} />}
          <TranslateBar talk={talk} />
          <Log talk={talk} />
        </>
      )}
      {contact && !desk.hands.people.value?.coaching && <ReplyBox key={`${talk.id}/${talk.mode.value}/${desk.restored.value}`} talk={talk} />}
    </>
  );
}

function Facts({ contact }: { contact: Contact }) {
  const desk = useDesk();
  const mine = contact.owner.kind === "agent" && contact.owner.id === desk.me.value.id;
  const promised = contact.case?.promised_at;
  const overdue = !!promised && Date.parse(promised) < tick.value;
  return (
    <p class="facts">
      <span class={`chip owner ${contact.owner.kind}`}>{mine ? t("Mine") : contact.state === "open" ? ownerText(contact) : contact.state_label}</span>
      {contact.case && <span class="chip">{contact.case.number}</span>}
      <span class="chip">{channelLabel(contact.channel)}</span>
      {!contact.language.startsWith(document.documentElement.lang) && <span class="chip lang">{languageName(contact.language)}</span>}
      {contact.labels?.map((label) => (
        <span key={label} class="chip label-tag">
          {label}
        </span>
      ))}
      {contact.following && <span class="chip">{t("Following")}</span>}
      {desk.holds.of(contact.id) && <span class="chip unsent">{t("Hold until {time} is not sent yet", { time: dayAndTime(desk.holds.of(contact.id)!.until) })}</span>}
      {contact.snoozed_until && <span class="chip">{t("On hold until {time}", { time: dayAndTime(contact.snoozed_until) })}</span>}
      {promised && contact.state === "open" && (
        <span class={overdue ? "chip late" : "chip"}>
          {overdue ? t("Promise missed: {time}", { time: moment(promised) }) : t("Promised by {time}", { time: moment(promised) })}
        </span>
      )}
      {contact.customer_present !== null && contact.customer_present !== undefined && contact.state === "open" && (
        <span class={contact.customer_present ? "chip present" : "chip away"}>{contact.customer_present ? t("Customer is here") : contact.customer_seen_at ? t("Customer is away (last seen {time})", { time: moment(contact.customer_seen_at) }) : t("Customer is away")}</span>
      )}
    </p>
  );
}

/** The time; with the day when it is another one. */
function moment(at: string): string {
  return sameDay(at, new Date()) ? clockTime(at) : `${day(at)} ${clockTime(at)}`;
}

/** Who else is at it: text, not only a colour. */
function Collision({ talk }: { talk: Talk }) {
  const desk = useDesk();
  const typing = talk.typing.value;
  const agents = typing.filter((one) => one.kind === "agent");
  const viewers = (talk.contact.value?.viewers ?? []).filter((one) => one.id !== desk.me.value.id && !agents.some((agent) => agent.id === one.id));
  if (!typing.length && !viewers.length) return null;
  const customer = typing.some((one) => one.kind === "customer");
  return (
    <p class="collision">
      {agents.map((one) => (
        <span key={one.id} class="other">
          {t("{name} is typing", { name: one.name })}
        </span>
      ))}
      {viewers.map((one) => (
        <span key={one.id} class="other">
          {t("{name} is viewing", { name: one.name })}
        </span>
      ))}
      {customer && <span>{t("The customer is typing")}</span>}
    </p>
  );
}

const BUTTONS: readonly { name: string; icon: DeskIconName | "check" | "person"; primary?: boolean }[] = [
  { name: "take", icon: "hand", primary: true },
  { name: "unsnooze", icon: "clock" },
  { name: "snooze", icon: "clock" },
  { name: "transfer", icon: "transfer" },
  { name: "people", icon: "person" },
  { name: "resolve", icon: "check" },
];

function Deeds() {
  const { commands } = useDeskContext();
  return (
    <div class="talk-deeds" role="group" aria-label={t("What to do with this contact")}>
      {BUTTONS.map(({ name, icon, primary }) => {
        const command = commands.find((one) => one.name === name);
        if (!command?.available()) return null;
        return (
          <button key={name} type="button" class={primary ? "primary" : ""} onClick={command.run} aria-keyshortcuts={command.chord ? chordLabel(command.chord) : undefined}>
            {icon === "check" || icon === "person" ? <Icon name={icon} /> : <DeskIcon name={icon} />}
            {command.label}
            {command.chord && <kbd aria-hidden="true">{chordLabel(command.chord)}</kbd>}
          </button>
        );
      })}
    </div>
  );
}
