// The bar above the panes: own status, how full one's hands are, who waits, and the ways to commands and keys.

import { longDuration, tick } from "../state/clock.ts";
import { t, tn } from "../../core/i18n.ts";
import { Icon } from "../../ui/icons.tsx";
import { ask } from "../state/ask.ts";
import { goToNotices } from "../state/going_commands.ts";
import { STATUSES, statusLabel } from "../state/commands.ts";
import type { Status } from "../state/desk.ts";
import { useChord, useDesk } from "./context.ts";
import { DeskIcon } from "./icons.tsx";
import { Menu } from "./menu.tsx";

export function TopBar() {
  const palette = useChord("palette");
  const keys = useChord("keys");
  return (
    <div class="bar">
      <h1>
        <span class="brand" aria-hidden="true">
          窓
        </span>
        {t("Support desk")}
      </h1>
      <OwnStatus />
      <Reminder />
      <Load />
      <Waiting />
      <FollowUps />
      <Bell />
      <span class="spring" />
      <Line />
      <ConsoleLink />
      <button type="button" class="quiet search-all" onClick={() => ask({ kind: "search" })}>
        <DeskIcon name="search" />
        <span class="label">{t("Search")}</span>
      </button>
      <button type="button" class="command-box" onClick={() => ask({ kind: "palette", of: "commands" })}>
        <span>{t("Commands")}</span>
        <kbd>{palette}</kbd>
      </button>
      <button type="button" class="quiet" onClick={() => ask({ kind: "keys" })}>
        <kbd>{keys}</kbd>
        <span class="label">{t("Keys")}</span>
      </button>
      <button type="button" class="quiet" onClick={() => ask({ kind: "settings" })}>
        <Icon name="sliders" />
        <span class="label">{t("Settings")}</span>
      </button>
    </div>
  );
}

/** For those whose role opens it; the server says so. */
function ConsoleLink() {
  const { console } = useDesk().places;
  const key = useChord("console");
  if (!console) return null;
  return (
    <a class="button quiet" href={console} aria-keyshortcuts={key}>
      {t("Console")}
      <kbd aria-hidden="true">{key}</kbd>
    </a>
  );
}

function OwnStatus() {
  const desk = useDesk();
  const { status, kind, name, status_label } = desk.me.value;
  const own = desk.statuses.value;
  const choices = [
    ...STATUSES.map((value) => ({ value: value as string, label: statusLabel(value), checked: !kind && value === status })),
    ...own.map(({ id, label }) => ({ value: `kind:${id}`, label, checked: kind === id })),
    { value: "plan", label: t("My schedule") },
    { value: "sign-out", label: t("Sign out") },
  ];
  const choose = (value: string): void => {
    const chosen = own.find(({ id }) => value === `kind:${id}`);
    if (value === "sign-out") void desk.signOut();
    else if (value === "plan") location.assign("/desk/plan");
    else void desk.setStatus((chosen?.base ?? value) as Status, chosen?.id);
  };
  return (
    <Menu
      id="desk-status"
      label={t("My status")}
      choices={choices}
      onChoose={choose}
    >
      <span class={`dot ${status}`} aria-hidden="true" />
      <span class="unseen-text">{t("My status")} </span>
      <strong>{!kind && STATUSES.includes(status as Status) ? statusLabel(status as Status) : status_label}</strong>
      <span class="who-am-i">{name}</span>
      <DeskIcon name="expand" />
    </Menu>
  );
}

/** A status of the house that has gone on for longer than it should. */
function Reminder() {
  const { remind_at, status_label } = useDesk().me.value;
  if (!remind_at || tick.value < Date.parse(remind_at)) return null;
  return (
    <p class="figure late" role="status">
      {t("Still: {status}", { status: status_label })}
    </p>
  );
}

function Load() {
  const { open_contacts, capacity } = useDesk().me.value;
  return (
    <p class="figure">
      <span>{t("In hand")}</span> <strong>{`${open_contacts} / ${capacity}`}</strong>
    </p>
  );
}

/** Counted on from the last inbox, so that the figure does not stand still between two changes. */
function Waiting() {
  const desk = useDesk();
  const { waiting, longest_wait_s } = desk.inbox.counts.value;
  const at = desk.inbox.countedAt.value;
  const longest = waiting ? longest_wait_s + Math.max(0, (tick.value - at) / 1000) : 0;
  return (
    <p class={waiting && longest > 180 ? "figure late" : "figure"}>
      <span>{t("Waiting")}</span> <strong>{tn("{n} contact", "{n} contacts", waiting)}</strong>
      {waiting > 0 && (
        <>
          {" "}
          <span>{t("longest")}</span> <strong>{longDuration(longest)}</strong>
        </>
      )}
    </p>
  );
}

/** Own cases whose date has come; nothing where there are none. */
function FollowUps() {
  const due = useDesk().inbox.counts.value.follow_ups ?? 0;
  if (!due) return null;
  return (
    <button type="button" class="quiet" onClick={() => ask({ kind: "cases" })}>
      {tn("{n} case to look at again", "{n} cases to look at again", due)}
    </button>
  );
}

/** What others told or ask; nothing where there is nothing. */
function Bell() {
  const desk = useDesk();
  const { count } = desk.aside;
  if (!count) return null;
  return (
    <button type="button" class="quiet" onClick={() => goToNotices(desk)}>
      {tn("{n} thing is new for you", "{n} things are new for you", count)}
    </button>
  );
}

function Line() {
  const { value } = useDesk().line;
  if (value === "live" || value === "connecting") return null;
  const text = value === "polling" ? t("Slow connection") : value === "lost" ? t("No connection") : t("Signed out");
  return (
    <p class={`line-state ${value}`}>
      <Icon name="warn" />
      {text}
    </p>
  );
}
