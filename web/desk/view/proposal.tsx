// A proposal as the agent judges it: what would happen, what it costs, until when, and what the policy says.

import { t } from "../../core/i18n.ts";
import type { ProposalView } from "../../core/shapes.ts";
import { Rows } from "../../ui/rows.tsx";

export function ProposalBody({ view }: { view: ProposalView }) {
  return (
    <>
      <Rows rows={view.rows} />
      {view.effects.length > 0 && (
        <ul class="lines">
          {view.effects.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <Verdict view={view} />
    </>
  );
}

export type VerdictName = "allowed" | "needs_approval" | "refused";

export function verdictOf(view: ProposalView): VerdictName {
  return view.state === "refused" ? "refused" : view.needs_approval ? "needs_approval" : "allowed";
}

/** The policy's word with its reasons. */
export function Verdict({ view }: { view: ProposalView }) {
  const verdict = verdictOf(view);
  return (
    <div class={`verdict ${verdict}`}>
      <p>
        {t("Policy")}: <strong>{verdictLabel(verdict)}</strong>
      </p>
      {view.reasons.length > 0 && (
        <ul class="lines">
          {view.reasons.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

export function verdictLabel(verdict: VerdictName): string {
  return { allowed: t("within the policy"), needs_approval: t("needs approval"), refused: t("not possible") }[verdict];
}

export function ProposalState({ state }: { state: string }) {
  const known: Record<string, string> = {
    offered: t("Not confirmed yet"),
    open: t("Not confirmed yet"),
    confirmed: t("In progress…"),
    executing: t("In progress…"),
    approved: t("Approved, in progress…"),
    awaiting_approval: t("Waiting for a supervisor's approval"),
    done: t("Done"),
    failed: t("Could not be done. Nothing was changed."),
    refused: t("Cannot be done"),
    withdrawn: t("Withdrawn. Nothing was changed."),
    expired: t("No longer valid. Nothing was changed."),
    unknown: t("The shop has not answered yet; it is being checked."),
  };
  return <p class={`state ${state}`}>{known[state] ?? state}</p>;
}
