// The panel's frame: heading, the way to a person at the same place on every screen, the page one is on, what is spoken.

import { useEffect, useMemo, useReducer, useRef } from "preact/hooks";
import { Announcer } from "../core/announcer.ts";
import { t } from "../core/i18n.ts";
import { isShown } from "../core/ledger.ts";
import type { Entry, Parcel, ProposalView } from "../core/shapes.ts";
import { type Deeds, DeedsProvider } from "../ui/deeds.ts";
import { Icon } from "../ui/icons.tsx";

import { Home } from "./home.tsx";
import { later, Lazily, pages, talk } from "./lazy.tsx";
import type { View, Visit } from "./visit.ts";

export interface AppProps {
  visit: Visit;
  announcer: Announcer;
  /** The widget's wrapper, which carries the display settings. */
  wrapper: HTMLElement;
  /** Raised each time the panel opens, so that the heading takes the focus. */
  opened: number;
  onClose: () => void;
}

const QUEUE_SPOKEN_MS = 30_000;
const TYPING_SPOKEN_MS = 3000;
const LOST_AFTER_MS = 2500;

export function App({ visit, announcer, wrapper, opened, onClose }: AppProps) {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    draw(0);
    return visit.subscribe(() => draw(0));
  }, []);
  useEffect(() => heading.current?.focus(), [visit.view, opened]);
  useSpoken(visit, announcer);

  async function person(): Promise<void> {
    announcer.say(await visit.person());
  }

  const deeds = useMemo<Deeds>(
    () => ({
      server: visit.api.server,
      choose: (entry, option) => visit.choose(entry, option),
      confirm: (view) => visit.confirm(view),
      withdraw: (view) => visit.withdraw(view),
      retry: (key) => visit.outbox.retry(key),
      edit: (key) => visit.takeBack(key),
      blob: (url) => visit.api.blob(url),
      person: () => void person(),
      signIn: () => visit.go({ name: "sign-in", back: { name: "chat" } }),
      correction: (lines) => <Lazily of={later} show={({ Correction }) => <Correction lines={lines} visit={visit} />} />,
    }),
    [],
  );

  return (
    <DeedsProvider value={deeds}>
      <div class="head">
        {visit.view.name !== "home" && (
          <button type="button" class="quiet icon-only" aria-label={t("Back")} onClick={() => visit.back()}>
            <Icon name="back" />
          </button>
        )}
        <h2 ref={heading} tabIndex={-1} id="madoguchi-title">
          {titleOf(visit)}
        </h2>
        <button type="button" class="person" onClick={person}>
          <Icon name="person" />
          <span>{t("Talk to a person")}</span>
        </button>
        <button type="button" class="quiet icon-only" aria-label={t("Close")} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      {visit.line === "lost" && <p class="lost">{t("The connection is lost. What you write is kept and sent as soon as it is back.")}</p>}
      <p class="problem notice" role="alert">
        {visit.problem}
      </p>
      <Lazily of={later} show={({ Notices }) => <Notices visit={visit} />} />
      {visit.shop ? (
        <Page visit={visit} view={visit.view} wrapper={wrapper} />
      ) : (
        <div class="page">
          {visit.problem ? (
            <button type="button" onClick={() => void visit.attempt(() => visit.begin())}>
              {t("Try again")}
            </button>
          ) : (
            <p class="waiting">{t("One moment…")}</p>
          )}
        </div>
      )}
    </DeedsProvider>
  );
}

function Page({ visit, view, wrapper }: { visit: Visit; view: View; wrapper: HTMLElement }) {
  switch (view.name) {
    case "home":
      return <Home visit={visit} />;
    case "chat":
      return <Lazily key={view.name} of={talk} show={({ Chat }) => visit.ledger && <Chat visit={visit} ledger={visit.ledger} />} />;
    default:
      return <Lazily key={view.name} of={pages} show={({ LaterPage }) => <LaterPage visit={visit} view={view} root={wrapper} />} />;
  }
}

function titleOf({ view, ledger }: Visit): string {
  switch (view.name) {
    case "home":
      return t("How can we help?");
    case "orders":
      return t("Your orders");
    case "problems":
      return view.order.lines[0]?.label ?? view.order.number;
    case "history":
      return t("Earlier enquiries");
    case "display":
      return t("Display settings");
    case "call":
      return t("Have us call you");
    case "sign-in":
      return t("Confirm who you are");
    case "chat":
      return ledger?.contact?.case?.category_label || ledger?.contact?.title || t("Conversation");
  }
}

/** What a card says and the words do not: what is to be reviewed, where parcels are. */
function onCard({ card }: Entry): string[] {
  const view: unknown = card;
  if (card?.kind === "tracking") {
    return ((card.parcels ?? [view]) as Parcel[]).map((one) => [one.state_label, one.promised_text, one.carrier, one.tracking_number].filter(Boolean).join(", "));
  }
  const proposal = view as ProposalView | null | undefined;
  return proposal?.asked ? [proposal.title, ...proposal.effects] : [];
}

/** Everything that is spoken to screen readers, each thing once. */
function useSpoken(visit: Visit, announcer: Announcer): void {
  const contact = visit.ledger?.contact;
  const queue = contact?.owner.kind === "queue" ? (contact.expectation?.text ?? "") : "";

  useEffect(() => {
    const before = visit.heard.fresh;
    visit.heard.fresh = (entries) => {
      before?.(entries);
      for (const entry of entries.filter(isShown)) {
        const words = entry.kind === "message" ? t("{name}: {text}", { name: entry.author.name, text: entry.text }) : entry.text;
        announcer.say([words, ...onCard(entry)].join("\n"));
      }
    };
    visit.heard.resumed = () => announcer.say(t("Here you left off."));
    visit.heard.sent = () => announcer.say(t("Message sent"));
    visit.heard.failed = (reason) => announcer.alert(reason || t("Not sent: no connection."));
    return () => {
      visit.heard.fresh = before;
    };
  }, []);

  useEffect(() => {
    if (queue) announcer.sayAtMost("queue", QUEUE_SPOKEN_MS, queue);
    else announcer.hush("queue");
  }, [queue]);

  useEffect(() => {
    if (!visit.typing) return undefined;
    const timer = setTimeout(() => announcer.say(t("{name} is typing", { name: visit.typing })), TYPING_SPOKEN_MS);
    return () => clearTimeout(timer);
  }, [visit.typing]);

  useEffect(() => {
    if (visit.line !== "lost") return undefined;
    const timer = setTimeout(() => announcer.alert(t("The connection is lost.")), LOST_AFTER_MS);
    return () => clearTimeout(timer);
  }, [visit.line]);
}
