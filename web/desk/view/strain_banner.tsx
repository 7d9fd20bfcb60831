// When a customer's words become too strong: said in words, with a calm reply to start from, and the house's rule.

import { useEffect, useState } from "preact/hooks";
import { t } from "../../core/i18n.ts";
import type { Contact } from "../../core/shapes.ts";
import { Icon } from "../../ui/icons.tsx";
import { useDesk } from "./context.ts";
import { insertWords } from "./inserting.ts";

interface Conduct {
  kind: "" | "upset" | "abusive";
  count: number;
  warned: boolean;
  may_end: boolean;
  calm: string;
  warning: string;
}

export function StrainBanner({ contact }: { contact: Contact }) {
  const desk = useDesk();
  const [known, setKnown] = useState<Conduct | null>(null);
  const flagged = !!contact.strain && contact.state !== "ended";

  useEffect(() => {
    if (flagged) void desk.attempt(async () => setKnown(await desk.api.get<Conduct>(`/contacts/${contact.id}/conduct`)));
  }, [flagged, contact.strain, contact.last_seq, contact.owner.version]);

  if (!flagged || !known?.kind) return null;
  const owned = { owner_version: contact.owner.version };
  const maySay = contact.can.say === true;

  const warn = (): Promise<boolean> =>
    desk.attempt(async () => {
      setKnown(await desk.api.post<Conduct>(`/contacts/${contact.id}/conduct/warn`, owned));
      await desk.talk.peek()?.load();
    });
  const end = (): Promise<boolean> =>
    desk.attempt(async () => {
      await desk.api.post(`/contacts/${contact.id}/conduct/end`, owned);
      desk.tell(t("The conversation has ended. The case stays open; a supervisor sees it."));
      await desk.talk.peek()?.load();
    });

  return (
    <section class={`strain ${known.kind}`} aria-label={t("Strong words")}>
      <p>
        <Icon name="warn" />
        <strong>{known.kind === "abusive" ? t("Abusive words. You need not bear this alone: a supervisor sees it too.") : t("The customer is upset. Take up the feeling, then sort the facts.")}</strong>
      </p>
      <div class="deeds">
        {maySay && (
          <button type="button" onClick={() => insertWords(known.calm)}>
            {t("Calm reply into the composer")}
          </button>
        )}
        {maySay && known.kind === "abusive" && !known.warned && (
          <button type="button" onClick={() => void warn()}>
            {t("Send the warning")}
          </button>
        )}
        {known.may_end && (
          <button type="button" onClick={() => void end()}>
            {t("End the conversation by the house's rule")}
          </button>
        )}
      </div>
    </section>
  );
}
