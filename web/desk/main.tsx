// The agents' desk: put into <main id="desk"> of the page that the server made.

import { render } from "preact";
import { Announcer } from "../core/announcer.ts";
import { Api, Problem } from "../core/api.ts";
import { loadWords, nearest, t } from "../core/i18n.ts";
import type { Session } from "../core/shapes.ts";
import { followAddress } from "./state/address.ts";
import { startClock } from "./state/clock.ts";
import { Desk } from "./state/desk.ts";
import "./style/desk.css";
import { App } from "./view/app.tsx";

async function open(root: HTMLElement): Promise<void> {
  const language = nearest(root.dataset.language || document.documentElement.lang || "ja", ["ja", "en"], "en");
  const api = new Api({ server: "", language });
  await loadWords("", "desk", language);
  const session = await api.get<Session>("/sessions/current");
  if (session.kind !== "staff") return location.assign("/desk/sign-in");
  api.csrf = session.csrf;
  const desk = new Desk(api, session, new Announcer(document.body), root.dataset);
  await desk.preferences.load().catch(() => undefined); // without it the keys of the last time hold
  startClock();
  root.replaceChildren();
  render(<App desk={desk} />, root);
  await desk.start();
  followAddress(desk);
}

const root = document.getElementById("desk");
if (root) {
  open(root).catch((error: unknown) => {
    if (error instanceof Problem && (error.status === 401 || error.status === 403)) return location.assign("/desk/sign-in");
    const words = document.createElement("p");
    words.setAttribute("role", "alert");
    words.textContent = t("The desk cannot be opened: the server does not answer. Please reload the page.");
    root.replaceChildren(words);
    console.error(error);
  });
}
