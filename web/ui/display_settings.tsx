// 表示設定: the reader's own sizes, colours and quiet, on top of what the system says. Each change shows at once.

import { t } from "../core/i18n.ts";
import type { Display } from "../core/settings.ts";

export interface DisplaySettingsProps {
  display: Display;
  onChange: (display: Display) => void;
}

export function DisplaySettings({ display, onChange }: DisplaySettingsProps) {
  const pick = <K extends keyof Display>(name: K, value: Display[K]) => onChange({ ...display, [name]: value });
  return (
    <form class="display" onSubmit={(event) => event.preventDefault()}>
      <Radios
        name="size"
        label={t("Text size")}
        value={display.size}
        options={{ "100": t("Normal"), "125": t("Large"), "150": t("Larger"), "200": t("Largest") }}
        onPick={(value) => pick("size", value)}
      />
      <Radios
        name="lines"
        label={t("Line spacing")}
        value={display.lines}
        options={{ normal: t("Normal"), loose: t("Wide") }}
        onPick={(value) => pick("lines", value)}
      />
      <Radios
        name="theme"
        label={t("Colours")}
        value={display.theme}
        options={{ auto: t("Like the system"), light: t("Light"), dark: t("Dark"), hc: t("High contrast") }}
        onPick={(value) => pick("theme", value)}
      />
      <fieldset>
        <legend>{t("Movement and sound")}</legend>
        <label>
          <input type="checkbox" checked={display.motion === "less"} onChange={() => pick("motion", display.motion === "less" ? "auto" : "less")} />
          {t("Less movement")}
        </label>
        <label>
          <input type="checkbox" checked={display.sound} onChange={() => pick("sound", !display.sound)} />
          {t("A sound for new messages")}
        </label>
      </fieldset>
    </form>
  );
}

interface RadiosProps<V extends string> {
  name: string;
  label: string;
  value: V;
  options: Record<V, string>;
  onPick: (value: V) => void;
}

export function Radios<V extends string>({ name, label, value, options, onPick }: RadiosProps<V>) {
  return (
    <fieldset>
      <legend>{label}</legend>
      {(Object.keys(options) as V[]).map((option) => (
        <label key={option}>
          <input type="radio" name={name} value={option} checked={option === value} onChange={() => onPick(option)} />
          {options[option]}
        </label>
      ))}
    </fieldset>
  );
}
