// Words in another language: the original stays, the translation stands beside it and can be hidden.

import { t } from "../../core/i18n.ts";
import { chordLabel } from "../../core/keys.ts";
import type { Entry } from "../../core/shapes.ts";
import { Words } from "../../ui/words.tsx";
import type { Talk } from "../state/talk.ts";
import { useDesk, useDeskContext } from "./context.ts";
import { languageName } from "./words.ts";

/** Above the log of a conversation in another language: everything at once, and back. */
export function TranslateBar({ talk }: { talk: Talk }) {
  const { commands } = useDeskContext();
  const command = commands.find((one) => one.name === "translate");
  const contact = talk.contact.value;
  if (!contact || !command?.available()) return null;
  const { busy, anyShown } = talk.translating;
  return (
    <p class="translate-bar">
      <span>{t("This conversation is in {language}.", { language: languageName(contact.language) })}</span>
      <button type="button" aria-disabled={busy.value} onClick={command.run} aria-keyshortcuts={chordLabel("KeyL")}>
        {busy.value ? t("Translating …") : anyShown.value ? t("Show originals only") : t("Translate all")}
        <kbd aria-hidden="true">{chordLabel("KeyL")}</kbd>
      </button>
    </p>
  );
}

/** Below one message: its translation, or the way to it; below an agent's own translated words: what was written. */
export function Translated({ entry }: { entry: Entry }) {
  const desk = useDesk();
  const talk = desk.talk.value;
  const original = entry.data.original as { text: string; lang: string } | undefined;
  if (original) return <Beside label={t("Original ({language})", { language: languageName(original.lang) })} text={original.text} lang={original.lang} />;
  const language = talk?.contact.value?.language ?? "";
  if (!talk || !desk.helping.guidance.value?.known.value?.translates || !talk.translating.isForeign(entry, language)) return null;
  const found = talk.translating.of(entry.seq);
  const shown = found?.shown && found.state === "done";
  return (
    <>
      {shown && <Beside label={t("Translation of the language model ({model})", { model: found.by })} text={found.text} lang={talk.translating.to} />}
      {found?.state === "failed" && <p class="hint bad">{t("Nothing usable came back. The original is shown as it is.")}</p>}
      <button type="button" class="quiet translate" aria-disabled={found?.state === "asked"} onClick={() => void desk.helping.translate(entry)}>
        {found?.state === "asked" ? t("Translating …") : shown ? t("Hide the translation") : t("Translate")}
      </button>
    </>
  );
}

function Beside({ label, text, lang }: { label: string; text: string; lang: string }) {
  return (
    <div class="beside">
      <p class="hint">{label}</p>
      <Words text={text} lang={lang} links={false} />
    </div>
  );
}
