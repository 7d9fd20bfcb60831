// Who is asking: a code by mail, to one's own address or to the one on an order. No puzzles, and pasting works.

import { useRef, useState } from "preact/hooks";
import { t } from "../core/i18n.ts";
import type { Session } from "../core/shapes.ts";
import { Radios } from "../ui/display_settings.tsx";
import type { Visit } from "./visit.ts";

type Way = "mail-code" | "order-code";

export function SignIn({ visit }: { visit: Visit }) {
  const offersMail = visit.shop?.identity.mail_code ?? true;
  const [way, setWay] = useState<Way>(offersMail ? "mail-code" : "order-code");
  const [sentTo, setSentTo] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (busy || !form.current) return;
    const given = new FormData(form.current);
    const text = (name: string): string => String(given.get(name) ?? "").normalize("NFKC").trim();
    setBusy(true);
    setProblem("");
    try {
      if (sentTo) return await enter(visit, way, text("code"));
      await sendCode(visit, { email: text("email"), ...(way === "order-code" ? { order_number: text("order") } : {}) });
      setSentTo(text("email"));
      requestAnimationFrame(() => form.current?.querySelector<HTMLInputElement>("[name=code]")?.focus());
    } catch (error) {
      setProblem((error as Error).message);
      form.current.querySelector<HTMLInputElement>("input:not([type=radio])")?.focus();
    } finally {
      setBusy(false);
    }
  }

  return (
    <form class="page sign-in" ref={form} onSubmit={submit}>
      {sentTo ? (
        <>
          <p>{t("If {address} is known to us, a code is on its way. Please enter it here.", { address: sentTo })}</p>
          <Field label={t("Code from the mail")} name="code" problem={problem} inputMode="numeric" autoComplete="one-time-code" />
        </>
      ) : (
        <>
          {offersMail && (
            <Radios
              name="way"
              label={t("How do you want to confirm?")}
              value={way}
              options={{ "mail-code": t("By my mail address"), "order-code": t("By an order number") }}
              onPick={setWay}
            />
          )}
          {!offersMail && visit.shop?.account_url && (
            <p>
              <a href={visit.shop.account_url}>{t("Sign in at the shop")}</a>
            </p>
          )}
          {way === "order-code" && <Field label={t("Order number")} name="order" problem="" inputMode="text" autoComplete="off" />}
          <Field label={t("Mail address")} name="email" problem={problem} inputMode="email" autoComplete="email" />
        </>
      )}
      <p class="problem" id="sign-in-problem" role="alert">
        {problem}
      </p>
      <div class="deeds">
        <button class="primary" aria-disabled={busy}>
          {sentTo ? t("Confirm") : t("Send me a code")}
        </button>
        {sentTo && (
          <button type="button" onClick={() => setSentTo("")}>
            {t("Start again")}
          </button>
        )}
      </div>
    </form>
  );
}

/** Have a code sent, to the address or to the one on the order; says nothing of whether they exist. */
async function sendCode(visit: Visit, wish: { email: string; order_number?: string }): Promise<void> {
  await visit.beKnown();
  await visit.deed(() => visit.api.post(wish.order_number ? "/sessions/order-code" : "/sessions/mail-code", wish));
}

async function enter(visit: Visit, way: Way, code: string): Promise<void> {
  const digits = code.replace(/[^0-9A-Za-z]/g, "");
  await visit.signedIn(await visit.deed(() => visit.api.post<Session>(`/sessions/${way}/verify`, { code: digits })));
}

interface FieldProps {
  label: string;
  name: string;
  problem: string;
  inputMode: "numeric" | "text" | "email";
  autoComplete: "one-time-code" | "email" | "off";
}

/** Never of type email or number: full-width letters and digits from a Japanese keyboard are welcome. */
function Field({ label, name, problem, inputMode, autoComplete }: FieldProps) {
  return (
    <label>
      {label}
      <input
        name={name}
        required
        inputMode={inputMode}
        autocomplete={autoComplete}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? "sign-in-problem" : undefined}
      />
    </label>
  );
}
