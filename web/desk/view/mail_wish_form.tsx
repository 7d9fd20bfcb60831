// Mails to the agent while nobody sits at the desk: where to, and on what.

import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../core/i18n.ts";
import { Problem } from "../../core/api.ts";
import { useDesk } from "./context.ts";

interface MailWish {
  address: string;
  mentions: boolean;
  followed: boolean;
}

export function MailWishForm() {
  const desk = useDesk();
  const [wish, setWish] = useState<MailWish | null>(null);
  const [problem, setProblem] = useState("");
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => void desk.attempt(async () => setWish(await desk.api.get<MailWish>("/desk/mail-wish"))), []);

  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const wanted = { address: String(form.get("address")).trim(), mentions: form.has("mentions"), followed: form.has("followed") };
    try {
      setWish(await desk.api.put<MailWish>("/desk/mail-wish", wanted));
      setProblem("");
      desk.tell(wanted.address ? t("Saved. Mails come while you are away from the desk.") : t("Saved. No mails are sent to you."));
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 422) return void desk.failed(error);
      setProblem(error.message);
      field.current?.focus();
    }
  }

  if (!wish) return null;
  return (
    <form class="mail-wish" onSubmit={save}>
      <fieldset>
        <legend>{t("Mails while I am away")}</legend>
        <label>
          {t("My mail address")}
          <input ref={field} name="address" type="email" maxLength={254} autocomplete="email" defaultValue={wish.address} aria-invalid={problem ? true : undefined} aria-describedby="desk-mail-wish-problem desk-mail-wish-hint" />
        </label>
        <p class="problem" id="desk-mail-wish-problem" role="alert">
          {problem}
        </p>
        <label class="switch">
          <input type="checkbox" name="mentions" defaultChecked={wish.mentions} />
          {t("When a colleague names me in a note")}
        </label>
        <label class="switch">
          <input type="checkbox" name="followed" defaultChecked={wish.followed} />
          {t("When something happens in what I follow")}
        </label>
        <p class="hint" id="desk-mail-wish-hint">
          {t("Several things come in one mail, which says who and where, not what. Without an address no mail is sent.")}
        </p>
        <button>{t("Save")}</button>
      </fieldset>
    </form>
  );
}
