// The bar above the panes: own status, how full one's hands are, who waits, and the ways to commands and keys.

import { tick } from "../state/clock.ts";
import { duration } from "../../core/formats.ts";
import { t, tn } from "../../core/i18n.ts";
import { chordLabel } from "../../core/keys.ts";
import { Icon } from "../../ui/icons.tsx";
import { ask } from "../state/ask.ts";
import { STATUSES, statusLabel } from "../state/commands.ts";
import type { Status } from "../state/desk.ts";
import { useDesk } from "./context.ts";
import { DeskIcon } from "./icons.tsx";
import { Menu } from "./menu.tsx";

export function TopBar() {
  return (
    <div class="bar">
      <h1>
        <span class="brand" aria-hidden="true">
          窓
        </span>
        {t("Support desk")}
      </h1>
      <OwnStatus />
      <Load />
      <Waiting />
      <FollowUps />
      <span class="spring" />
      <Line />
      <ConsoleLink />
      <button type="button" class="command-box" onClick={() => ask({ kind: "palette", of: "commands" })}>
        <span>{t("Commands")}</span>
        <kbd>{chordLabel("Mod+KeyK")}</kbd>
      </button>
      <button type="button" class="quiet" onClick={() => ask({ kind: "keys" })}>
        <kbd>?</kbd>
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
  const { console } = useDesk();
  if (!console) return null;
  return (
    <a class="button quiet" href={console} aria-keyshortcuts={chordLabel("KeyG")}>
      {t("Console")}
      <kbd aria-hidden="true">{chordLabel("KeyG")}</kbd>
    </a>
  );
}

function OwnStatus() {
  const desk = useDesk();
  const { status, name } = desk.me.value;
  const choices = [
    ...STATUSES.map((value) => ({ value: value as string, label: statusLabel(value), checked: value === status })),
    { value: "sign-out", label: t("Sign out") },
  ];
  return (
    <Menu
      id="desk-status"
      label={t("My status")}
      choices={choices}
      onChoose={(value) => void (value === "sign-out" ? desk.signOut() : desk.setStatus(value as Status))}
    >
      <span class={`dot ${status}`} aria-hidden="true" />
      <span class="unseen-text">{t("My status")} </span>
      <strong>{statusLabel(status as Status)}</strong>
      <span class="who-am-i">{name}</span>
      <DeskIcon name="expand" />
    </Menu>
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
          <span>{t("longest")}</span> <strong>{duration(longest)}</strong>
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
