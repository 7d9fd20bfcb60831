// After the answer: is it solved, how was it, and the transcript by mail. In the log, never in the way.

import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../core/i18n.ts";
import type { Ledger } from "../core/ledger.ts";
import type { Visit } from "./visit.ts";

export function Aftercare({ visit, ledger }: { visit: Visit; ledger: Ledger }) {
  const box = useRef<HTMLDivElement>(null);
  const contact = ledger.contact;
  useEffect(() => {
    // it has come late: who was at the end of the log still is
    const log = box.current?.closest(".log");
    const below = log ? log.scrollHeight - log.scrollTop - log.clientHeight - (box.current?.offsetHeight ?? 0) : Infinity;
    if (log && below < 80) log.scrollTop = log.scrollHeight;
  }, []);
  if (!contact || contact.state === "open") return null;
  return (
    <div class="aftercare" ref={box}>
      {asksWhetherSolved(ledger) ? (
        <Solved visit={visit} />
      ) : (
        contact.can.rate && asksForRating(visit, ledger) && <Rating visit={visit} ledger={ledger} />
      )}
      {contact.can.transcript !== false && <Transcript visit={visit} />}
    </div>
  );
}

function asksWhetherSolved(ledger: Ledger): boolean {
  const last = ledger.entries.findLast((entry) => /^(contact\.resolved|resolution\.)/.test(entry.kind));
  return !!ledger.contact?.can.confirm_resolution && last?.kind !== "resolution.confirmed";
}

function asksForRating(visit: Visit, ledger: Ledger): boolean {
  const rated = ledger.contact?.case?.score || ledger.entries.some((entry) => entry.kind === "contact.rated");
  return !rated && visit.memory.get<string>("unrated") !== ledger.contactId;
}

function Solved({ visit }: { visit: Visit }) {
  const [problem, setProblem] = useState("");
  const answer = (solved: boolean): void => void visit.resolution(solved).catch((error: Error) => setProblem(error.message));
  return (
    <section class="card" aria-labelledby="solved">
      <h3 id="solved">{t("Is it solved?")}</h3>
      <div class="deeds">
        <button type="button" onClick={() => answer(true)}>
          {t("Yes, it is solved")}
        </button>
        <button type="button" onClick={() => answer(false)}>
          {t("Not yet, go on")}
        </button>
      </div>
      <p class="problem" role="alert">
        {problem}
      </p>
    </section>
  );
}

function Rating({ visit, ledger }: { visit: Visit; ledger: Ledger }) {
  const form = useRef<HTMLFormElement>(null);
  const [problem, setProblem] = useState("");
  const [away, setAway] = useState(false);
  // what was just answered is not asked again (3.3.7)
  const answered = ledger.entries.some((entry) => entry.kind === "resolution.confirmed" && entry.data.by !== "time");
  if (away) return null;

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    if (!form.current) return;
    const given = new FormData(form.current);
    const score = Number(given.get("score")) || null;
    const solved = given.get("solved");
    if (!score && !solved) return setProblem(t("Please choose one, or “No answer”."));
    await visit
      .rate({ score, solved: solved === null ? null : solved === "yes", comment: String(given.get("comment") ?? "") })
      .then(thanks, (error: Error) => setProblem(error.message));
  }

  function thanks(): void {
    setAway(true);
    visit.heard.sent?.();
  }

  function decline(): void {
    visit.memory.set("unrated", ledger.contactId);
    setAway(true);
  }

  return (
    <form class="card rating" ref={form} onSubmit={send}>
      <fieldset>
        <legend>{t("How was our help?")}</legend>
        {[t("Very good"), t("Good"), t("Fair"), t("Poor"), t("Very poor")].map((label, index) => (
          <label key={label}>
            <input type="radio" name="score" value={5 - index} />
            {label}
          </label>
        ))}
      </fieldset>
      {!answered && (
        <fieldset>
          <legend>{t("Was the problem solved?")}</legend>
          <label>
            <input type="radio" name="solved" value="yes" />
            {t("Yes")}
          </label>
          <label>
            <input type="radio" name="solved" value="no" />
            {t("No")}
          </label>
        </fieldset>
      )}
      <label>
        {t("Anything else? (optional)")}
        <textarea name="comment" rows={2} maxLength={2000} />
      </label>
      <p class="problem" role="alert">
        {problem}
      </p>
      <div class="deeds">
        <button class="primary">{t("Send feedback")}</button>
        <button type="button" onClick={decline}>
          {t("No answer")}
        </button>
      </div>
    </form>
  );
}

function Transcript({ visit }: { visit: Visit }) {
  const [told, setTold] = useState("");
  const address = visit.session?.masked_email;
  async function send(): Promise<void> {
    await visit.transcript().then(
      () => setTold(address ? t("Sent to {address}.", { address }) : t("Sent to your address.")),
      (error: Error) => setTold(error.message),
    );
  }
  return (
    <p class="transcript">
      <button type="button" class="quiet" onClick={send}>
        {t("Send me this conversation by mail")}
      </button>
      <span role="status">{told}</span>
    </p>
  );
}
