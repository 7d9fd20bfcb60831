// The panel: fetched by the loader when somebody means to use it. Mounts into the loader's shadow root.

import { render } from "preact";
import { Announcer } from "../core/announcer.ts";
import { loadWords, nearest, tn } from "../core/i18n.ts";
import { belongsToIme } from "../core/keys.ts";
import { readDisplay, showDisplay } from "../core/settings.ts";
import { Memory } from "../core/storage.ts";
import base from "../ui/base.css?inline";
import tokens from "../ui/tokens.css?inline";
import { App } from "./app.tsx";
import type { Host, Panel } from "./host.ts";
import css from "./panel.css?inline";
import { later, talk } from "./lazy.tsx";
import { Visit } from "./visit.ts";

const WORDS = ["ja", "en", "zh-Hans", "zh-Hant", "ko"];

export async function mount(host: Host): Promise<Panel> {
  const language = nearest(new Memory(host.server).get("language") ?? host.language, WORDS, "en");
  await loadWords(host.server, "widget", language);
  const { wrapper, launcher } = host;
  host.root.adoptedStyleSheets = [...host.root.adoptedStyleSheets, ...[tokens, base, css].map(sheet)];
  wrapper.lang = language;
  const visit = new Visit(host.server, language, host.token, host.client);
  showDisplay(wrapper, readDisplay(visit.memory));
  const announcer = new Announcer(wrapper);
  const dialog = frame(wrapper);
  const pageTitle = document.title;
  const launcherLabel = launcher.textContent;
  let opened = 0;
  let unread = 0;

  const draw = (): void =>
    render(<App visit={visit} announcer={announcer} wrapper={wrapper} opened={opened} onClose={close} />, dialog);

  const count = (number: number): void => {
    unread = number;
    document.title = number ? `(${number}) ${pageTitle}` : pageTitle;
    launcher.lastChild!.textContent = number ? `${launcherLabel} ${tn("({n} new)", "({n} new)", number)}` : launcherLabel;
  };
  const watched = (): boolean => dialog.open && !document.hidden;
  const looked = (): void => {
    if (!watched()) return;
    count(0);
    if (visit.view.name === "chat") visit.look();
  };
  visit.heard.fresh = (entries) => {
    if (entries.every((entry) => entry.kind !== "message" && entry.kind !== "agent.joined")) return;
    if (readDisplay(visit.memory).sound) void later().then(({ chime }) => chime());
    if (!watched()) count(unread + entries.filter((entry) => entry.kind === "message").length);
  };
  document.addEventListener("visibilitychange", looked);

  function open(order?: string): void {
    const about = order || host.order();
    const covers = matchMedia("(max-width: 30em), (max-height: 30em)").matches;
    if (!dialog.open) dialog[covers ? "showModal" : "show"]();
    launcher.setAttribute("aria-expanded", "true");
    launcher.hidden = true;
    visit.memory.set("open", true);
    opened += 1;
    draw();
    looked();
    void talk().catch(() => undefined); // soon wanted
    void visit.begin().then(() => {
      if (about && visit.session && visit.view.name === "home") void visit.pick(about);
    });
  }

  function close(): void {
    dialog.close();
    visit.memory.set("open", undefined);
    launcher.hidden = false;
    launcher.setAttribute("aria-expanded", "false");
    launcher.focus();
  }

  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  dialog.addEventListener("keydown", (event) => {
    if (belongsToIme(event) || event.key !== "Escape") return;
    event.preventDefault();
    close();
  });

  draw();
  // a conversation that goes on is followed also while the panel is closed
  if (visit.memory.get("contact")) void visit.begin();
  return { open, close };
}

function frame(wrapper: HTMLElement): HTMLDialogElement {
  const dialog = document.createElement("dialog");
  dialog.className = "panel";
  dialog.setAttribute("aria-labelledby", "madoguchi-title");
  wrapper.append(dialog);
  return dialog;
}

function sheet(text: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}
