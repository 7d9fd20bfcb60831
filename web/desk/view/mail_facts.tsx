// What a contact by mail shows beside its words: the mail itself, on a page of its own.

import { t } from "../../core/i18n.ts";
import type { Entry } from "../../core/shapes.ts";

export function MailLink({ entry }: { entry: Entry }) {
  const id = entry.data.mail_id;
  if (typeof id !== "string" || entry.kind === "mail.checked") return null;
  return (
    <p class="fact-note">
      <a href={`/desk/mails/${encodeURIComponent(id)}`} target="_blank" rel="noopener">
        {t("Open the mail")}
        <span class="unseen-text"> ({t("new tab")})</span>
      </a>
    </p>
  );
}
