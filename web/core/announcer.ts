// The one place that speaks to screen readers. The visible log is not live; each finished message is said here once.

const STAYS_MS = 1500; // under 0.1 s gets lost on some readers

export class Announcer {
  private readonly polite: HTMLElement;
  private readonly urgent: HTMLElement;
  private readonly lastSaid = new Map<string, number>();
  private readonly waiting = new Map<string, ReturnType<typeof setTimeout>>();

  /** Both regions are put into `parent` at once, empty: a region must exist before its first text (WCAG 4.1.3). */
  constructor(parent: Element) {
    this.polite = region(parent, "status", "polite");
    this.urgent = region(parent, "alert", "assertive");
  }

  /** Say at the next pause. */
  say(text: string): void {
    speak(this.polite, text);
  }

  /** Say at once: connection lost, sending failed, session about to end. Nothing else. */
  alert(text: string): void {
    speak(this.urgent, text);
  }

  /** Say the latest text of a `topic`, at most once per `span` ms; what comes in between is said at its end. */
  sayAtMost(topic: string, span: number, text: string): void {
    const wait = (this.lastSaid.get(topic) ?? -Infinity) + span - Date.now();
    clearTimeout(this.waiting.get(topic));
    const speakNow = (): void => {
      this.lastSaid.set(topic, Date.now());
      this.waiting.delete(topic);
      this.say(text);
    };
    if (wait <= 0) speakNow();
    else this.waiting.set(topic, setTimeout(speakNow, wait));
  }

  /** Drop what a topic still wanted to say. */
  hush(topic: string): void {
    clearTimeout(this.waiting.get(topic));
    this.waiting.delete(topic);
  }

  remove(): void {
    for (const topic of this.waiting.keys()) this.hush(topic);
    this.polite.remove();
    this.urgent.remove();
  }
}

function region(parent: Element, role: string, live: string): HTMLElement {
  const element = document.createElement("div");
  element.className = "spoken";
  element.setAttribute("role", role);
  element.setAttribute("aria-live", live);
  element.setAttribute("aria-atomic", "false");
  parent.append(element);
  return element;
}

function speak(into: HTMLElement, text: string): void {
  if (!text) return;
  const line = document.createElement("div");
  line.textContent = text;
  into.append(line);
  setTimeout(() => line.remove(), STAYS_MS);
}
