// On every page of the shop: one button in one shadow root; the panel is fetched when somebody means to use it.
//
//   <script async src="https://help.example/widget.js"></script><madoguchi-help></madoguchi-help>
//
// Attributes: language · token (the shop's signed token; or window.madoguchiToken()) · order · client (version of the app) · payment-paths.

import css from "./loader.css?inline";
import type { Host, Panel, PanelModule } from "./host.ts";

const server = new URL((document.currentScript as HTMLScriptElement).src).origin;
const labels: Record<string, string> = { ja: "お問い合わせ", en: "Help", zh: "联系客服", "zh-hant": "聯絡客服", ko: "문의하기" };

/** Whether something was left open here, or a conversation is going on. Storage may be refused. */
function remembered(key: string): boolean {
  try {
    return !!localStorage.getItem(`madoguchi:${server}:${key}`);
  } catch {
    return false;
  }
}

class MadoguchiHelp extends HTMLElement {
  private host?: Host;
  private panel?: Promise<Panel>;

  connectedCallback(): void {
    const forbidden = (this.getAttribute("payment-paths") ?? "/checkout,/payment").split(",");
    if (this.host || forbidden.some((path) => path && location.pathname.startsWith(path.trim()))) return;
    this.host = this.draw();
    if (remembered("open")) void this.open();
    else if (remembered("contact")) setTimeout(() => void this.load(), 1500);
  }

  /** Open the panel, if the page likes with one of the customer's orders already chosen. */
  async open(order?: string): Promise<void> {
    (await this.load())?.open(order);
  }

  private load(): Promise<Panel> | undefined {
    const { host } = this;
    if (!host) return undefined;
    this.panel ??= (import(/* @vite-ignore */ `${server}/static/panel.js`) as Promise<PanelModule>).then((module) => module.mount(host));
    // a lost line must not spoil the next try
    this.panel.catch(() => (this.panel = undefined));
    return this.panel;
  }

  private draw(): Host {
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    const language = this.getAttribute("language") || this.closest("[lang]")?.getAttribute("lang") || navigator.language;
    const wrapper = document.createElement("div");
    wrapper.className = "madoguchi";
    wrapper.lang = language;
    wrapper.dir = "ltr";
    const launcher = document.createElement("button");
    launcher.className = "launcher";
    launcher.type = "button";
    launcher.append(bubble(), label(language));
    launcher.setAttribute("aria-expanded", "false");
    launcher.addEventListener("click", () => void this.open());
    for (const intent of ["pointerenter", "focus"]) {
      launcher.addEventListener(intent, () => void this.load()?.catch(() => undefined), { once: true });
    }
    wrapper.append(launcher);
    root.append(wrapper);
    return {
      server,
      root,
      wrapper,
      launcher,
      language,
      client: this.getAttribute("client") ?? "",
      order: () => this.getAttribute("order") ?? "",
      token: async () => {
        const given = (window as { madoguchiToken?: () => string | Promise<string> }).madoguchiToken;
        return this.getAttribute("token") || (given && (await given())) || "";
      },
    };
  }
}

function label(language: string): string {
  const tag = language.toLowerCase();
  const hant = /^zh.*(hant|tw|hk|mo)/.test(tag);
  return labels[hant ? "zh-hant" : tag.slice(0, 2)] ?? (labels.en as string);
}

function bubble(): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const icon = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "M21 12a8.5 8.5 0 0 1-12.6 7.4L3.5 21l1.6-4.9A8.5 8.5 0 1 1 21 12z");
  icon.append(path);
  return icon;
}

if (!customElements.get("madoguchi-help")) customElements.define("madoguchi-help", MadoguchiHelp);
