// Settings of the desk: keys, sending, sound, and the look (the same cookie as every page of the counter).

import { t } from "../../core/i18n.ts";
import { Radios } from "../../ui/display_settings.tsx";
import type { Switch } from "../state/preferences.ts";
import { useDesk } from "./context.ts";
import { Dialog } from "./dialog.tsx";
import { MailWishForm } from "./mail_wish_form.tsx";

export function SettingsDialog() {
  const { preferences } = useDesk();
  const { display } = preferences;
  return (
    <Dialog title={t("Settings of the desk")} kind="settings">
      <form class="display" onSubmit={(event) => event.preventDefault()}>
        <fieldset>
          <legend>{t("Working")}</legend>
          <PreferenceSwitch name="singleKeys" label={t("Single keys (J, K, R, …) work")} />
          <PreferenceSwitch name="enterSends" label={t("Enter sends, Shift+Enter breaks the line")} />
          <PreferenceSwitch name="sound" label={t("A sound for each offer")} />
          <PreferenceSwitch name="details" label={t("Show what the assistant understood in the log")} />
        </fieldset>
        <Radios
          name="theme"
          label={t("Colours")}
          value={display.value.theme}
          options={{ auto: t("Like the system"), light: t("Light"), dark: t("Dark"), hc: t("High contrast") }}
          onPick={(theme) => preferences.look({ theme })}
        />
        <Radios
          name="size"
          label={t("Text size")}
          value={display.value.size}
          options={{ "100": t("Normal"), "125": t("Large"), "150": t("Larger"), "200": t("Largest") }}
          onPick={(size) => preferences.look({ size })}
        />
        <Radios
          name="lines"
          label={t("Line spacing")}
          value={display.value.lines}
          options={{ normal: t("Normal"), loose: t("Wide") }}
          onPick={(lines) => preferences.look({ lines })}
        />
      </form>
      <MailWishForm />
    </Dialog>
  );
}

export function PreferenceSwitch({ name, label }: { name: Switch; label: string }) {
  const setting = useDesk().preferences[name];
  return (
    <label class="switch">
      <input type="checkbox" checked={setting.value} onChange={(event) => (setting.value = event.currentTarget.checked)} />
      {label}
    </label>
  );
}
