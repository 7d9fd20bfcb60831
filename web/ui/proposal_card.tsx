// A proposal: all that will happen, and the button that names the deed. Enter alone never confirms: focus starts on
// the heading, and only when the reader's own press brought the card.

import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../core/i18n.ts";
import type { ProposalFate } from "../core/ledger.ts";
import type { ProposalView } from "../core/shapes.ts";
import { useDeeds } from "./deeds.ts";
import { Lines, Rows } from "./rows.tsx";

export interface ProposalCardProps {
  view: ProposalView;
  fate: ProposalFate["state"];
  /** Move focus to the heading when the card appears. */
  focus?: boolean;
}

export function ProposalCard({ view, fate, focus }: ProposalCardProps) {
  const deeds = useDeeds();
  const heading = useRef<HTMLHeadingElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const id = `proposal-${view.id}`;
  const open = fate === "open" && view.state === "offered";
  const refused = view.state === "refused";
  const silent = view.asked && fate === "open";

  useEffect(() => {
    const at = (heading.current?.getRootNode() as ShadowRoot | Document | undefined)?.activeElement;
    if (focus && at?.tagName !== "TEXTAREA") heading.current?.focus();
  }, []);

  async function act(deed: (view: ProposalView) => Promise<void>): Promise<void> {
    if (busy) return;
    setBusy(true);
    setProblem("");
    await deed(view).catch((error: Error) => setProblem(error.message || t("That did not work. Please try again.")));
    setBusy(false);
  }

  return (
    <section class="card proposal" aria-labelledby={id} aria-busy={busy}>
      <h3 id={id} ref={heading} tabIndex={-1}>
        {view.title}
      </h3>
      <Rows rows={view.rows} />
      <Lines lines={view.effects} />
      <Lines lines={view.reasons} />
      {view.needs_approval && open && <p class="note">{t("A supervisor checks this before it is done.")}</p>}
      <p class="problem" role="alert">
        {problem}
      </p>
      {open && !view.asked && (
        <div class="deeds">
          <button type="button" class="primary" aria-disabled={busy} onClick={() => act(deeds.confirm)}>
            {view.confirm_label}
          </button>
          <button type="button" aria-disabled={busy} onClick={() => act(deeds.withdraw)}>
            {t("Do nothing")}
          </button>
        </div>
      )}
      {!open && !refused && !silent && <p class={`state ${fate}`}>{fateText(fate === "open" ? view.state : fate)}</p>}
      {refused && deeds.person && view.offers_person !== false && (
        <div class="deeds">
          <button type="button" onClick={deeds.person}>
            {t("Talk to a person")}
          </button>
        </div>
      )}
    </section>
  );
}

function fateText(state: string): string {
  switch (state) {
    case "done":
      return t("Done");
    case "failed":
      return t("Could not be done. Nothing was changed.");
    case "withdrawn":
      return t("Not done. Nothing was changed.");
    case "awaiting_approval":
      return t("Waiting for a supervisor");
    case "outdated":
    case "expired":
      return t("No longer valid. Nothing was changed.");
    default:
      return t("In progress…");
  }
}
