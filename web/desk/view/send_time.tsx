// When a reply by mail leaves: at once, tomorrow morning, or at a time of the agent's choice.

import { t } from "../../core/i18n.ts";
import { fieldOf, tomorrowMorning } from "../state/mail_replies.ts";

export interface SendTimeProps {
  /** What the field holds; empty: at once. */
  value: string;
  onChange: (value: string) => void;
  disabled: boolean;
}

export function SendTime({ value, onChange, disabled }: SendTimeProps) {
  return (
    <>
      <label class="send-time">
        <span class="label">{t("Send")}</span>{" "}
        <select
          disabled={disabled}
          value={value ? "at" : "now"}
          onChange={(event) => onChange(event.currentTarget.value === "now" ? "" : fieldOf(tomorrowMorning(new Date())))}
        >
          <option value="now">{t("At once")}</option>
          <option value="at">{t("At a time")}</option>
        </select>
      </label>
      {value && (
        <input
          type="datetime-local"
          aria-label={t("When it is sent (your time)")}
          value={value}
          min={fieldOf(new Date())}
          disabled={disabled}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </>
  );
}
