// An order action in one dialog: what is wanted → what exactly would happen and what the policy says → the deed, named
// on its button → what came of it. The focus goes to the heading of each step, so that Enter alone confirms nothing.

import { useEffect, useRef, useState } from "preact/hooks";
import { clientKey, Problem } from "../../core/api.ts";
import { t } from "../../core/i18n.ts";
import type { ProposalView } from "../../core/shapes.ts";
import { ReceiptCard } from "../../ui/cards.tsx";
import { close } from "../state/ask.ts";
import { useDesk } from "../view/context.ts";
import { Dialog } from "../view/dialog.tsx";
import { ProposalBody, ProposalState, verdictOf } from "../view/proposal.tsx";
import { ACTION_FORMS, type FormContext } from "./action_forms.tsx";
import { Unfit } from "./fields.tsx";
import { NO_DETAILS, type OrderDetails, type OrderFacts } from "./order_facts.ts";

interface OrderDialogProps {
  number: string;
  action: string;
  label: string;
}

const FINAL = new Set(["done", "failed", "awaiting_approval", "executing", "unknown", "expired", "withdrawn"]);

export function OrderDialog({ number, action, label }: OrderDialogProps) {
  const desk = useDesk();
  const [view, setView] = useState<ProposalView | null>(null);
  const [problem, setProblem] = useState<Problem | Error | null>(null);
  const [busy, setBusy] = useState(false);
  const [details, setDetails] = useState<OrderDetails | null>(null);
  const key = useRef(clientKey());
  const form = ACTION_FORMS[action];
  const talk = desk.talk.value;
  const order = desk.customer.value?.orders.value.find((one) => one.number === number) as OrderFacts | undefined;

  useEffect(() => {
    const needed = action === "change_address" || action === "change_lines" || action === "exchange";
    if (!needed) return setDetails(NO_DETAILS);
    desk.api.get<OrderDetails>(`/orders/${number}/details`).then(setDetails, () => setDetails(NO_DETAILS));
  }, []);

  if (!form || !order || !talk) return null;
  const photos = talk.entries.value.flatMap((entry) => (entry.author.kind === "customer" ? entry.attachments : [])).filter((file) => file.media_type.startsWith("image/"));
  const context: FormContext = { order, details: details ?? NO_DETAILS, photos };

  async function attempt(run: () => Promise<void>): Promise<void> {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await run();
    } catch (error) {
      setProblem(error as Error);
    } finally {
      setBusy(false);
    }
  }

  function propose(event: SubmitEvent): void {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    void attempt(async () => {
      const request = form!.read(data, context);
      key.current = clientKey();
      setView(await desk.api.post<ProposalView>("/proposals", { order_number: number, action: { action, ...request }, contact_id: talk!.id }));
    });
  }

  function act(verb: "confirm" | "approve"): void {
    void attempt(async () => {
      const done = await desk.api.post<ProposalView>(`/proposals/${view!.id}/${verb}`, verb === "confirm" ? { key: key.current } : {});
      setView(done);
      desk.announcer.say(done.receipt?.title ?? "");
      await Promise.all([talk!.load(), desk.customer.peek()?.refresh(number)]);
    });
  }

  function back(): void {
    if (view && view.state === "offered") void desk.api.post(`/proposals/${view.id}/withdraw`).catch(() => undefined);
    setView(null);
    setProblem(null);
  }

  return (
    <Dialog title={label} kind="order-dialog">
      <p class="order-of">
        {t("Order {number}", { number })} · {order.state_label}
      </p>
      <Trouble problem={problem} />
      {!view && details && (
        <form class="action-form" onSubmit={propose}>
          {form.fields(context)}
          <div class="deeds">
            <button class="primary" aria-disabled={busy}>
              {t("Check what would happen")}
            </button>
            <button type="button" onClick={() => close()}>
              {t("Cancel")}
            </button>
          </div>
        </form>
      )}
      {view && <Step view={view} busy={busy} supervisor={desk.isSupervisor} onAct={act} onBack={back} />}
    </Dialog>
  );
}

interface StepProps {
  view: ProposalView;
  busy: boolean;
  supervisor: boolean;
  onAct: (verb: "confirm" | "approve") => void;
  onBack: () => void;
}

function Step({ view, busy, supervisor, onAct, onBack }: StepProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const final = FINAL.has(view.state);
  const refused = verdictOf(view) === "refused";

  useEffect(() => heading.current?.focus(), [view.id, view.state]);

  return (
    <section class="step" aria-labelledby="desk-step-heading" aria-busy={busy}>
      <h3 id="desk-step-heading" ref={heading} tabIndex={-1}>
        {final ? t("What came of it") : refused ? t("This is not possible") : t("Please check: this will happen")}
      </h3>
      {view.receipt && final ? <ReceiptCard receipt={view.receipt} /> : <ProposalBody view={view} />}
      {final && <ProposalState state={view.state} />}
      <div class="deeds">
        {!final && !refused && (
          <button type="button" class="primary" aria-disabled={busy} onClick={() => onAct("confirm")}>
            {view.confirm_label}
          </button>
        )}
        {view.state === "awaiting_approval" && supervisor && (
          <button type="button" class="primary" aria-disabled={busy} onClick={() => onAct("approve")}>
            {t("Approve: {deed}", { deed: view.title })}
          </button>
        )}
        {!final && (
          <button type="button" onClick={onBack}>
            {t("Back to the form")}
          </button>
        )}
        <button type="button" onClick={() => close()}>
          {final ? t("Close") : t("Do nothing")}
        </button>
      </div>
    </section>
  );
}

function Trouble({ problem }: { problem: Problem | Error | null }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problem) box.current?.focus();
  }, [problem]);
  const fields = problem instanceof Problem ? problem.errors : [];
  const text = problem instanceof Unfit || problem instanceof Problem ? problem.message : "";
  return (
    <div ref={box} class="problem" role="alert" tabIndex={-1}>
      {problem && <p>{text || t("That did not work. Please try again.")}</p>}
      {fields.length > 0 && (
        <ul class="lines">
          {fields.map((one) => (
            <li key={one.field}>{one.detail}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
