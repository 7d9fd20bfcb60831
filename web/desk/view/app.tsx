// The whole desk: bar, three panes, the offer, one dialog at a time, and what is told in passing.

import { useEffect, useMemo } from "preact/hooks";
import { t, tn } from "../../core/i18n.ts";
import { belongsToIme } from "../../core/keys.ts";
import { type Deeds, DeedsProvider } from "../../ui/deeds.ts";
import { Icon } from "../../ui/icons.tsx";
import { OrderDialog } from "../forms/order_dialog.tsx";
import { asking } from "../state/ask.ts";
import { bindKeys, commandsOf } from "../state/commands.ts";
import { viewCommands } from "../state/going_commands.ts";
import { withKeys } from "../state/key_map.ts";
import type { Desk, Pane } from "../state/desk.ts";
import { DeskProvider, useDesk } from "./context.ts";
import { CaseDialog } from "./case_dialog.tsx";
import { CasesDialog } from "./cases_dialog.tsx";
import { CustomerPane } from "./customer_pane.tsx";
import { focusPane, oneLevelUp } from "./focus.ts";
import { InboxPane } from "./inbox_pane.tsx";
import { later, LaterDialog } from "./later_dialog.tsx";
import { OfferToast } from "./offer.tsx";
import { Palette } from "./palette.tsx";
import { ResolveDialog } from "./resolve_dialog.tsx";
import { SearchDialog } from "./search_dialog.tsx";
import { SettingsDialog } from "./settings_dialog.tsx";
import { SnoozeDialog } from "./snooze_dialog.tsx";
import { TalkPane } from "./talk_pane.tsx";
import { TopBar } from "./top_bar.tsx";
import { TransferDialog } from "./transfer_dialog.tsx";

const AFTER_FIRST_SCREEN_MS = 1000;

export function App({ desk }: { desk: Desk }) {
  const keys = desk.preferences.keys.value;
  const saved = desk.views.list.value;
  const commands = useMemo(() => withKeys([...commandsOf(desk), ...viewCommands(desk)], keys), [desk, keys, saved]);
  const deeds = useMemo(() => deedsOf(desk), [desk]);

  useEffect(() => {
    const timer = setTimeout(() => void later().catch(() => undefined), AFTER_FIRST_SCREEN_MS);
    return () => clearTimeout(timer);
  }, []);

  useEffect(() => bindKeys(desk, commands), [desk, commands]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== "Escape" || event.defaultPrevented || belongsToIme(event) || asking.peek()) return;
      if (oneLevelUp(desk, event.target as Element)) event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [desk]);

  const { theme, lines, motion } = desk.preferences.display.value; // the tokens are set anew on .madoguchi

  return (
    <DeskProvider value={{ desk, commands }}>
      <DeedsProvider value={deeds}>
        <Title />
        <div class="desk madoguchi" data-pane={desk.pane.value} data-theme={theme} data-lines={lines} data-motion={motion}>
          <TopBar />
          <SignedOut />
          <div class="panes">
            <InboxPane />
            <TalkPane />
            <CustomerPane />
          </div>
          <PaneSwitch />
          <OfferToast />
          <Notice />
          <Asked />
        </div>
      </DeedsProvider>
    </DeskProvider>
  );
}

/** The count in the page's title: nothing may depend on live regions alone. */
function Title() {
  const desk = useDesk();
  const unread = desk.inbox.list("mine").reduce((sum, id) => sum + (desk.inbox.contact(id)?.value.unread ? 1 : 0), 0);
  const offers = desk.offers.first.value ? 1 : 0;
  useEffect(() => {
    document.title = `${unread + offers ? `(${unread + offers}) ` : ""}${t("Support desk")}`;
  }, [unread, offers]);
  return null;
}

function SignedOut() {
  if (!useDesk().signedOut.value) return null;
  return (
    <div class="signed-out" role="alert">
      <Icon name="warn" />
      <p>{t("You have been signed out. Your drafts are kept.")}</p>
      <a class="button primary" href="/desk/sign-in">
        {t("Sign in again")}
      </a>
    </div>
  );
}

/** On a narrow screen one pane at a time; on a wide one all of them, and this is not shown. */
function PaneSwitch() {
  const desk = useDesk();
  const unread = desk.inbox.counts.value.waiting;
  const panes: { pane: Pane; label: string }[] = [
    { pane: "inbox", label: t("Inbox") },
    { pane: "talk", label: t("Conversation") },
    { pane: "customer", label: t("Customer") },
  ];
  return (
    <div class="pane-switch" role="group" aria-label={t("Panes")}>
      {panes.map(({ pane, label }) => (
        <button key={pane} type="button" aria-pressed={desk.pane.value === pane} onClick={() => focusPane(desk, pane)}>
          {label}
          {pane === "inbox" && unread > 0 && <span class="count">{tn("{n} waiting", "{n} waiting", unread)}</span>}
        </button>
      ))}
    </div>
  );
}

/** Said aloud by the announcer; here for the eyes. */
function Notice() {
  const desk = useDesk();
  const notice = desk.notice.value;
  if (!notice) return null;
  return (
    <div class={notice.bad ? "notice bad" : "notice"}>
      <p>{notice.text}</p>
      <button type="button" class="quiet icon-only" aria-label={t("Close")} onClick={() => (desk.notice.value = null)}>
        <Icon name="close" />
      </button>
    </div>
  );
}

function Asked() {
  const what = asking.value;
  switch (what?.kind) {
    case "palette":
      return <Palette key={what.of} of={what.of} />;
    case "search":
      return <SearchDialog />;
    case "keys":
      return <LaterDialog key="keys" show={({ KeysDialog }) => <KeysDialog />} />;
    case "filter":
      return <LaterDialog key="filter" show={({ FilterDialog }) => <FilterDialog />} />;
    case "save-view":
      return <LaterDialog key="save-view" show={({ SaveViewDialog }) => <SaveViewDialog />} />;
    case "queues":
      return <LaterDialog key="queues" show={({ QueuesDialog }) => <QueuesDialog />} />;
    case "bulk":
      return <LaterDialog key={what.deed} show={({ BulkDialog }) => <BulkDialog deed={what.deed} />} />;
    case "call":
      return <LaterDialog key="call" show={({ CallDialog }) => <CallDialog deed={what.deed} />} />;
    case "settings":
      return <SettingsDialog />;
    case "snooze":
      return <SnoozeDialog />;
    case "resolve":
      return <ResolveDialog />;
    case "transfer":
      return <TransferDialog />;
    case "people":
      return <LaterDialog key="people" show={({ PeopleDialog }) => <PeopleDialog />} />;
    case "case":
      return <CaseDialog key={what.deed} deed={what.deed} task={what.task} />;
    case "cases":
      return <CasesDialog />;
    case "order":
      return <OrderDialog key={`${what.number}/${what.action}`} number={what.number} action={what.action} label={what.label} />;
    default:
      return null;
  }
}

function deedsOf(desk: Desk): Deeds {
  const nothing = async (): Promise<void> => undefined;
  return {
    server: "",
    choose: () => undefined,
    confirm: nothing,
    withdraw: nothing,
    retry: (key) => desk.outbox.retry(key),
    edit: () => undefined,
    blob: (url) => desk.api.blob(url),
  };
}
