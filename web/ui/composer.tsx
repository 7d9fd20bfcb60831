// Where one writes. The field is never re-written while it has the focus (input methods break on that), except when
// it is emptied by sending.

import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../core/i18n.ts";
import { belongsToIme } from "../core/keys.ts";
import type { Attachment } from "../core/shapes.ts";
import { PickedFiles, type Picking } from "./attachments.tsx";
import { Icon } from "./icons.tsx";

export interface ComposerProps {
  /** The words to begin with; to replace them later, give another `key`. */
  draft: string;
  onDraft: (text: string) => void;
  onSend: (text: string, files: Attachment[]) => void;
  /** Characters that one message may have. */
  limit: number;
  /** `enter`: Enter sends, Shift+Enter breaks the line (not on touch keyboards). `mod`: Ctrl/⌘+Enter sends. */
  sends: "enter" | "mod";
  label: string;
  picking?: Picking;
  onTyping?: () => void;
  /** PageUp and PageDown in an empty field: -1 or 1. */
  onPage?: (direction: number) => void;
  /** Focus the field when it appears. */
  focus?: boolean;
  /** What was sent is on its way. */
  busy?: boolean;
}

const TYPING_EVERY_MS = 3000;

export function Composer(props: ComposerProps) {
  const { picking, limit } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const told = useRef(0);
  const [problem, setProblem] = useState("");

  useEffect(() => {
    if (field.current) field.current.value = props.draft;
    if (props.focus) field.current?.focus();
  }, []);

  function typed(): void {
    const text = field.current?.value ?? "";
    props.onDraft(text);
    if (problem && text.length <= limit) setProblem("");
    if (!props.onTyping || Date.now() - told.current < TYPING_EVERY_MS) return;
    told.current = Date.now();
    props.onTyping();
  }

  function send(event?: Event): void {
    event?.preventDefault();
    const element = field.current;
    if (!element) return;
    element.focus();
    const text = element.value.trim();
    if (text.length > limit) return setProblem(t("At most {n} characters; please shorten it.", { n: limit }));
    if (picking?.items.some((item) => item.state === "uploading")) return setProblem(t("A file is still being sent."));
    const files = picking?.take() ?? [];
    if (!text && !files.length) return;
    element.value = "";
    setProblem("");
    props.onDraft("");
    props.onSend(text, files);
  }

  function pressed(event: KeyboardEvent): void {
    if (belongsToIme(event)) return;
    if (event.key === "Enter" && sendsNow(event, props.sends)) return send(event);
    const direction = { PageUp: -1, PageDown: 1 }[event.key];
    if (direction && !field.current?.value && props.onPage) {
      event.preventDefault();
      props.onPage(direction);
    }
  }

  function pasted(event: ClipboardEvent): void {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || !picking) return;
    event.preventDefault();
    picking.add(files);
  }

  return (
    <form class="composer" aria-busy={props.busy} onSubmit={send}>
      {picking && <PickedFiles picking={picking} />}
      <div class="line">
        <textarea
          ref={field}
          rows={1}
          aria-label={props.label}
          placeholder={props.label}
          aria-invalid={problem ? true : undefined}
          aria-describedby="composer-problem"
          enterkeyhint={props.sends === "enter" && !touches() ? "send" : undefined}
          onInput={typed}
          onKeyDown={pressed}
          onPaste={pasted}
        />
        {picking && (
          <>
            <button type="button" class="quiet" onClick={() => chooser.current?.click()}>
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
          </>
        )}
        <button class="primary">
          <Icon name="send" />
          <span class="label">{t("Send")}</span>
        </button>
      </div>
      <p class="problem" id="composer-problem" role="alert">
        {problem}
      </p>
    </form>
  );
}

function sendsNow(event: KeyboardEvent, sends: ComposerProps["sends"]): boolean {
  if (event.ctrlKey || event.metaKey) return true;
  return sends === "enter" && !event.shiftKey && !touches();
}

function touches(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}
