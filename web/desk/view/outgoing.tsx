// What an agent wrote in their own language, in the customer's: looked at and mended before it is sent; both are kept.

import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem } from "../../core/api.ts";
import { spoken, t } from "../../core/i18n.ts";
import type { Desk } from "../state/desk.ts";
import type { Talk } from "../state/talk.ts";
import { useDesk } from "./context.ts";
import { focusId } from "./focus.ts";
import { languageName } from "./words.ts";

export interface Preview {
  /** What was translated; other words need another translation. */
  from: string;
  text: string;
  by: string;
}

export interface Outgoing {
  preview: Preview | null;
  busy: boolean;
  field: RefObject<HTMLTextAreaElement | null>;
  /** The customer speaks another language, and there is somebody to translate. */
  possible: boolean;
  /** Translate these words and show them; what was said of it comes back, "" where it went well. */
  translate: (words: string) => Promise<string>;
  discard: () => void;
  /** The translation as the agent left it. */
  words: () => string;
}

export function useOutgoing(talk: Talk): Outgoing {
  const desk = useDesk();
  const field = useRef<HTMLTextAreaElement>(null);
  const [preview, setPreview] = useState<Preview | null>(null);
  const [busy, setBusy] = useState(false);
  const to = talk.contact.value?.language ?? "";

  useEffect(() => {
    if (preview) focusId("desk-translation");
  }, [preview]);

  async function translate(words: string): Promise<string> {
    if (busy || !words) return "";
    setBusy(true);
    desk.announcer.say(t("Translating …"));
    try {
      const found = await talk.translating.outgoing(words, to);
      if (!found.text) return t("Nothing usable came back. Send your own words, or try again.");
      setPreview({ from: words, ...found });
      return "";
    } catch (error) {
      return (error instanceof Problem && error.message) || t("The server cannot be reached. Please try again.");
    } finally {
      setBusy(false);
    }
  }

  return {
    preview,
    busy,
    field,
    possible: mayTranslate(desk, to),
    translate,
    discard: () => setPreview(null),
    words: () => field.current?.value.trim() ?? "",
  };
}

function mayTranslate(desk: Desk, to: string): boolean {
  return !!desk.helping.guidance.value?.known.value?.translates && !!to && to !== spoken();
}

export function TranslationPreview({ outgoing, language, onKey }: { outgoing: Outgoing; language: string; onKey: (event: KeyboardEvent) => void }) {
  const { preview } = outgoing;
  if (!preview) return null;
  return (
    <div class="outgoing">
      <label for="desk-translation">{t("In {language}: this is what the customer reads", { language: languageName(language) })}</label>
      <textarea id="desk-translation" key={preview.text} ref={outgoing.field} rows={3} lang={language} defaultValue={preview.text} aria-describedby="desk-translation-hint" onKeyDown={onKey} />
      <p class="hint" id="desk-translation-hint">
        {t("Translated by {model}: check every word. Your own words are kept beside it.", { model: preview.by })}{" "}
        <button type="button" class="quiet" onClick={() => (outgoing.discard(), focusId("desk-words"))}>
          {t("Discard the translation")}
        </button>
      </p>
    </div>
  );
}
