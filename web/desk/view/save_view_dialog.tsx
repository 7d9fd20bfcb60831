// Save what the inbox shows under a name: for oneself, or, as a supervisor, for everybody.

import { useState } from "preact/hooks";
import { t } from "../../core/i18n.ts";
import { close } from "../state/ask.ts";
import { useDesk } from "./context.ts";
import { Dialog } from "./dialog.tsx";
import { criteriaText } from "./criteria_words.ts";

export function SaveViewDialog() {
  const desk = useDesk();
  const { views } = desk;
  const open = views.open.value;
  const before = open?.view?.can_change ? open.view : null;
  const [problem, setProblem] = useState("");
  if (!open) return null;

  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const name = String(form.get("name") ?? "").trim();
    if (!name) return setProblem(t("Give it a name."));
    const over = form.get("over") ? before : null;
    const done = await desk.attempt(async () => {
      await views.save(name, form.get("shared") === "yes", over);
      desk.tell(t("Saved: {view}", { view: name }));
    });
    if (done) close("desk-list");
  }

  async function remove(): Promise<void> {
    if (before && (await desk.attempt(() => views.remove(before)))) close("desk-list");
  }

  return (
    <Dialog title={t("Save this view")} kind="save-view">
      <form onSubmit={save}>
        <p class="note">{criteriaText(open.criteria, views.filters.value)}</p>
        <label>
          {t("Name of the view")}
          <input type="text" name="name" maxLength={60} defaultValue={open.view?.name ?? ""} data-first="" autocomplete="off" aria-describedby="desk-view-problem" />
        </label>
        {before && (
          <label class="switch">
            <input type="checkbox" name="over" value="yes" defaultChecked />
            {t("Change “{view}” instead of making a new one", { view: before.name })}
          </label>
        )}
        {desk.isSupervisor && (
          <label class="switch">
            <input type="checkbox" name="shared" value="yes" defaultChecked={open.view?.shared} />
            {t("For the whole team")}
          </label>
        )}
        <p class="problem" id="desk-view-problem" role="alert">
          {problem}
        </p>
        <div class="deeds">
          <button class="primary">{t("Save")}</button>
          {before && (
            <button type="button" onClick={() => void remove()}>
              {t("Remove this view")}
            </button>
          )}
          <button type="button" onClick={() => close()}>
            {t("Cancel")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
