// Where an agent writes: to the customer, or a note for colleagues. Never both at once, and never by accident: the mode
// is in the label, the colour and the button. The field is not re-written while it has the focus (input methods).

import { useEffect, useRef, useState } from "preact/hooks";
import { spoken, t } from "../../core/i18n.ts";
import { belongsToIme, chordLabel } from "../../core/keys.ts";
import type { Attachment } from "../../core/shapes.ts";
import { PickedFiles, usePicking } from "../../ui/attachments.tsx";
import { Icon } from "../../ui/icons.tsx";
import { ask } from "../state/ask.ts";
import { draftKey } from "../state/desk.ts";
import { momentOf } from "../state/mail_replies.ts";
import { type FilledReply, placesLeft } from "../state/saved_replies.ts";
import type { Mode, Talk } from "../state/talk.ts";
import { useDesk } from "./context.ts";
import { focusId } from "./focus.ts";
import { DeskIcon } from "./icons.tsx";
import { inserting } from "./inserting.ts";
import { MentionList, useMentions } from "./mentions.tsx";
import { TranslationPreview, useOutgoing } from "./outgoing.tsx";
import { SendTime } from "./send_time.tsx";

const TYPING_EVERY_MS = 3000;
const LIMITS = { attachment_mb: 10, media_types: ["image/*", "application/pdf"] };
const CHARS = 4000;

export function ReplyBox({ talk }: { talk: Talk }) {
  const desk = useDesk();
  const field = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const told = useRef(0);
  /** A suggestion as it was inserted: it is not sent before a person has edited it. */
  const suggested = useRef("");
  const [problem, setProblem] = useState("");
  const [sendAt, setSendAt] = useState("");
  /** The saved reply that was inserted last: counted, and followed by its deeds, when it is sent. */
  const [reply, setReply] = useState<FilledReply | null>(null);
  const [withDeeds, setWithDeeds] = useState(true);
  const mode = talk.mode.value;
  const note = mode === "note";
  const maySay = talk.can("say");
  const enterSends = desk.preferences.enterSends.value;
  const limits = desk.limits.value ?? LIMITS;
  const outgoing = useOutgoing(talk);
  const mentioning = useMentions(note, () => typed());
  const picking = usePicking((file) => desk.api.upload<Attachment>(`/contacts/${talk.id}/attachments`, file), limits);

  useEffect(() => {
    if (field.current) field.current.value = desk.drafts.get(draftKey(talk.id, mode));
    return inserting(({ text, suggested: suggestion, reply: saved }) => {
      const element = field.current;
      if (!element) return;
      element.setRangeText(text, element.selectionStart, element.selectionEnd, "end");
      if (suggestion) suggested.current = element.value.trim();
      if (saved) setReply(saved);
      element.focus();
      chooseFirstPlace(element);
      typed();
    });
  }, []);

  function typed(): void {
    const text = field.current?.value ?? "";
    desk.drafts.set(draftKey(talk.id, mode), text);
    if (problem) setProblem("");
    if (!text || Date.now() - told.current < TYPING_EVERY_MS) return;
    told.current = Date.now();
    desk.live.typing(talk.id, note);
  }

  function send(thenResolve: boolean): void {
    const element = field.current;
    if (!element) return;
    element.focus();
    const text = element.value.trim();
    const limit = desk.limits.value?.message_chars ?? CHARS;
    if (text.length > limit) return setProblem(t("At most {n} characters; please shorten it.", { n: limit }));
    if (picking.items.some((item) => item.state === "uploading")) return setProblem(t("A file is still being sent."));
    if (!note && !maySay) return setProblem(t("Take the contact first, then you can reply."));
    if (text && text === suggested.current) return setProblem(t("This is the suggestion as it came. Read it and edit it, then send."));
    const empty = note ? [] : placesLeft(text);
    if (empty.length) {
      chooseFirstPlace(element);
      return setProblem(t("Fill in {places} first, then send", { places: empty.join(" ") }));
    }
    const translated = note || !outgoing.preview ? "" : outgoing.words();
    if (translated && outgoing.preview?.from !== text) return setProblem(t("Your words have changed since they were translated. Translate them again, or discard the translation."));
    if (sendAt && momentOf(sendAt) <= new Date().toISOString()) return setProblem(t("Choose a moment in the future"));
    const files = note ? [] : picking.take();
    if (!text && !files.length) return thenResolve ? ask({ kind: "resolve" }) : undefined;
    element.value = "";
    outgoing.discard();
    const used = reply && !note ? { id: reply.id, deeds: withDeeds && !thenResolve && reply.deeds.length > 0 } : undefined;
    desk.say(talk, mode, translated || text, files, { thenResolve: thenResolve && !note, original: translated ? { text, lang: spoken() } : undefined, sendAt: note ? undefined : momentOf(sendAt) || undefined, used });
    setSendAt("");
    if (!note) setReply(null);
  }

  async function translate(): Promise<void> {
    setProblem(await outgoing.translate(field.current?.value.trim() ?? ""));
  }

  function onKey(event: KeyboardEvent): void {
    if (belongsToIme(event) || (field.current && mentioning.key(event, field.current))) return;
    const mod = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && (mod || (enterSends && !event.shiftKey))) {
      event.preventDefault();
      send(mod && event.shiftKey);
    } else if (event.altKey && event.code === "KeyL" && !note && outgoing.possible) {
      event.preventDefault();
      void translate();
    } else if (event.key === "/" && !mod && !note && !field.current?.value) {
      event.preventDefault();
      ask({ kind: "palette", of: "replies" });
    }
  }

  function pasted(event: ClipboardEvent): void {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || note) return;
    event.preventDefault();
    picking.add(files);
  }

  const label = note ? t("Internal note") : t("Reply to the customer");
  const closed = !note && !maySay;
  return (
    <form
      id="desk-composer"
      class={`reply-box ${mode}`}
      aria-label={t("Write")}
      onSubmit={(event) => {
        event.preventDefault();
        send(false);
      }}
    >
      <div class="modes" role="group" aria-label={t("Who reads it")}>
        <ModeButton talk={talk} mode="reply" label={t("Reply")} chord="KeyR" />
        <ModeButton talk={talk} mode="note" label={t("Internal note")} chord="KeyN" />
        <span class="spring" />
        <span class="hint">{note ? t("Only staff see this") : maySay ? t("The customer sees this") : t("Not your contact")}</span>
      </div>
      <PickedFiles picking={picking} />
      <textarea
        id="desk-words"
        ref={field}
        rows={3}
        aria-label={label}
        placeholder={closed ? t("Take the contact first, then you can reply.") : note ? t("For colleagues only; the customer never sees it") : t("Write to the customer. / opens saved replies")}
        aria-disabled={closed}
        aria-invalid={problem ? true : undefined}
        aria-describedby="desk-words-problem"
        lang={note ? undefined : talk.contact.value?.language}
        aria-autocomplete={note ? "list" : undefined}
        aria-controls={mentioning.people.length ? "desk-mentions" : undefined}
        aria-activedescendant={mentioning.people.length ? `desk-mention-${mentioning.people[mentioning.at]?.id}` : undefined}
        onInput={(event) => {
          typed();
          mentioning.typed(event.currentTarget);
        }}
        onBlur={mentioning.close}
        onKeyDown={onKey}
        onPaste={pasted}
      />
      <MentionList mentioning={mentioning} field={() => field.current} />
      <p class="problem" id="desk-words-problem" role="alert">
        {problem}
      </p>
      {!note && reply !== null && reply.deeds.length > 0 && (
        <label class="switch reply-deeds">
          <input type="checkbox" checked={withDeeds} onChange={(event) => setWithDeeds(event.currentTarget.checked)} />
          {t("After sending: {deeds}", { deeds: reply.deeds.join(", ") })}
        </label>
      )}
      {!note && <TranslationPreview outgoing={outgoing} language={talk.contact.value?.language ?? ""} onKey={onKey} />}
      <div class="reply-foot">
        {!note && (
          <>
            <button type="button" class="quiet" disabled={closed} onClick={() => chooser.current?.click()}>
              <Icon name="attach" />
              <span class="label">{t("Attach")}</span>
            </button>
            <input
              ref={chooser}
              type="file"
              hidden
              multiple
              accept={picking.accept}
              onChange={() => {
                picking.add(chooser.current?.files ?? []);
                if (chooser.current) chooser.current.value = "";
                field.current?.focus();
              }}
            />
            <button type="button" class="quiet" disabled={closed} onClick={() => ask({ kind: "palette", of: "replies" })}>
              <DeskIcon name="lines" />
              <span class="label">{t("Saved replies")}</span>
              <kbd aria-hidden="true">/</kbd>
            </button>
          </>
        )}
        {!note && outgoing.possible && (
          <button type="button" class="quiet" disabled={closed} aria-disabled={outgoing.busy} aria-keyshortcuts="Alt+L" onClick={() => void translate()}>
            <DeskIcon name="transfer" />
            <span class="label">{outgoing.busy ? t("Translating …") : t("Translate")}</span>
            <kbd aria-hidden="true">Alt+L</kbd>
          </button>
        )}
        {!note && talk.contact.value?.channel === "mail" && <SendTime value={sendAt} onChange={setSendAt} disabled={closed} />}
        <span class="spring" />
        <button class="primary" disabled={closed}>
          {note ? <DeskIcon name="lock" /> : <Icon name="send" />}
          {note ? t("Add note") : outgoing.preview ? t("Send the translation") : t("Send")}
          <kbd aria-hidden="true">{enterSends ? "Enter" : chordLabel("Mod+Enter")}</kbd>
        </button>
      </div>
    </form>
  );
}

/** What is still to be filled in is chosen, so that typing replaces it. */
function chooseFirstPlace(element: HTMLTextAreaElement): void {
  const [first] = placesLeft(element.value);
  if (!first) return;
  const at = element.value.indexOf(first);
  element.focus();
  element.setSelectionRange(at, at + first.length);
}

function ModeButton({ talk, mode, label, chord }: { talk: Talk; mode: Mode; label: string; chord: string }) {
  return (
    <button
      type="button"
      aria-pressed={talk.mode.value === mode}
      onClick={() => {
        talk.mode.value = mode;
        focusId("desk-words");
      }}
    >
      {label}
      <kbd aria-hidden="true">{chordLabel(chord)}</kbd>
    </button>
  );
}
