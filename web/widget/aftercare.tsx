// After the answer: is it solved, how was it, and the transcript by mail. In the log, never in the way.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../core/i18n.ts";
import type { Ledger } from "../core/ledger.ts";
import type { Visit } from "./visit.ts";

export function Aftercare({ visit, ledger }: { visit: Visit; ledger: Ledger }) {
  const box = useRef<HTMLDivElement>(null);
  const [begun, setBegun] = useState(""); // the contact that has a first mark and is being asked further
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
        contact.can.rate &&
        (begun === contact.id || asksForRating(visit, ledger)) && (
          <Rating key={contact.id} visit={visit} ledger={ledger} begin={() => setBegun(contact.id)} />
        )
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
  const answer = (solved: boolean): void => void visit.settle("resolution", { solved }).catch((error: Error) => setProblem(error.message));
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

const MARKS = (): [number, string][] => [
  [5, t("Very good")],
  [4, t("Good")],
  [3, t("Fair")],
  [2, t("Poor")],
  [1, t("Very poor")],
];

/** One question first; after its answer at most two more and free words, and "No answer" at each step (QLT-002). */
function Rating({ visit, ledger, begin }: { visit: Visit; ledger: Ledger; begin: () => void }) {
  const [step, setStep] = useState<"first" | "more" | "thanks">("first");
  const questions = ledger.contact?.case?.questions ?? [];

  function decline(): void {
    visit.memory.set("unrated", ledger.contactId);
    thanks();
  }

  function thanks(): void {
    setStep("thanks");
    visit.heard.sent?.();
  }

  if (step === "thanks") return null;
  if (step === "first") return <First visit={visit} begin={begin} given={() => setStep("more")} decline={decline} />;
  return <More visit={visit} questions={questions} given={thanks} decline={thanks} />;
}

function First(props: { visit: Visit; begin: () => void; given: () => void; decline: () => void }) {
  const { visit, begin, given, decline } = props;
  const send = (form: FormData): Promise<void> | string => {
    const score = Number(form.get("score"));
    if (!score) return t("Please choose one, or “No answer”.");
    begin();
    return visit.settle("rating", { score });
  };
  return (
    <Questions send={send} given={given} decline={decline}>
      <Marks name="score" legend={t("How was our help?")} />
    </Questions>
  );
}

function More(props: { visit: Visit; questions: { id: string; text: string }[]; given: () => void; decline: () => void }) {
  const heading = useRef<HTMLParagraphElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const send = (form: FormData): Promise<void> | string => {
    const marks = props.questions.map(({ id }) => [id, Number(form.get(id))] as const).filter(([, mark]) => mark);
    const comment = String(form.get("comment") ?? "").trim();
    if (!marks.length && !comment) return t("Please choose one, or “No answer”.");
    return props.visit.settle("rating", { comment, aspects: Object.fromEntries(marks) });
  };
  return (
    <Questions send={send} given={props.given} decline={props.decline}>
      <p ref={heading} tabIndex={-1}>
        {t("Thank you. It helps us to do better.")}
      </p>
      {props.questions.map(({ id, text }) => (
        <Marks key={id} name={id} legend={text} />
      ))}
      <label>
        {t("Anything else? (optional)")}
        <textarea name="comment" rows={2} maxLength={2000} />
      </label>
    </Questions>
  );
}

function Marks({ name, legend }: { name: string; legend: string }) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      {MARKS().map(([mark, label]) => (
        <label key={mark}>
          <input type="radio" name={name} value={mark} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

/** A card that sends what is chosen in it; `send` says in words what is missing. */
function Questions(props: {
  send: (form: FormData) => Promise<void> | string;
  given: () => void;
  decline: () => void;
  children: ComponentChildren;
}) {
  const [problem, setProblem] = useState("");
  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const sent = props.send(new FormData(event.currentTarget as HTMLFormElement));
    if (typeof sent === "string") return setProblem(sent);
    await sent.then(props.given, (error: Error) => setProblem(error.message));
  }
  return (
    <form class="card rating" onSubmit={submit}>
      {props.children}
      <p class="problem" role="alert">
        {problem}
      </p>
      <div class="deeds">
        <button class="primary">{t("Send feedback")}</button>
        <button type="button" onClick={props.decline}>
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
    await visit.deed(() => visit.api.post(`/contacts/${visit.ledger?.contactId}/transcript`)).then(
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
