// Suggestions beside the conversation: what to do next and why, replies to start from with their sources, articles.
// Every suggestion is the agent's to take: a reply is put into the composer, and edited before it is sent.

import { t, tn } from "../../core/i18n.ts";
import { chordLabel } from "../../core/keys.ts";
import type { Contact } from "../../core/shapes.ts";
import type { Guidance, GuidanceView, Suggested } from "../state/guidance.ts";
import { useDesk, useDeskContext } from "./context.ts";
import { DeskIcon } from "./icons.tsx";

export function GuidanceSection({ contact }: { contact: Contact }) {
  const desk = useDesk();
  const guidance = desk.helping.guidance.value;
  const known = guidance?.known.value;
  if (!guidance || !known || contact.state === "ended") return null;
  const nothing = !known.steps.length && !known.articles.length && !known.replies.length && !known.drafts && !known.way;
  return (
    <section class="guidance" aria-labelledby="desk-guidance-heading">
      <h3 id="desk-guidance-heading" tabIndex={-1}>
        {t("Suggestions")}
      </h3>
      {nothing && <p class="empty">{t("Nothing to suggest yet.")}</p>}
      {known.way && <Way way={known.way} />}
      <Steps known={known} />
      <Replies guidance={guidance} contact={contact} />
      {known.drafts && <Drafting guidance={guidance} />}
      <Articles known={known} />
    </section>
  );
}

/** Somebody came back with the same matter: the same agent, or the telephone. */
function Way({ way }: { way: NonNullable<GuidanceView["way"]> }) {
  const desk = useDesk();
  const mine = way.agent_id === desk.me.value.id;
  const best = [
    mine ? t("you helped before: stay with it") : way.agent ? t("{agent} helped before: best stays the same", { agent: way.agent }) : "",
    way.phone ? t("offer to talk by telephone ({phone})", { phone: way.phone }) : "",
  ].filter(Boolean);
  return (
    <p class="guidance-way">
      <strong>{tn("{n} contact about this case within a week.", "{n} contacts about this case within a week.", way.times)}</strong> {best.join(t(", or "))}
    </p>
  );
}

function Steps({ known }: { known: GuidanceView }) {
  const { commands } = useDeskContext();
  const step = commands.find((one) => one.name === "step");
  const first = known.steps.findIndex((one) => one.action);
  if (!known.steps.length) return null;
  return (
    <>
      <h4>{t("Next step")}</h4>
      <ol class="guidance-steps">
        {known.steps.map((one, index) => (
          <li key={one.text}>
            <p>{one.text}</p>
            {one.why && (
              <p class="hint">
                {t("Policy")}: {one.why}
              </p>
            )}
            {index === first && step?.available() && (
              <button type="button" onClick={step.run} aria-keyshortcuts={step.chord && chordLabel(step.chord)}>
                {t("Open: {deed}", { deed: one.label })}
                {step.chord && <kbd aria-hidden="true">{chordLabel(step.chord)}</kbd>}
              </button>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}

function Replies({ guidance, contact }: { guidance: Guidance; contact: Contact }) {
  const desk = useDesk();
  const replies = guidance.replies;
  const counted = desk.helping.counting.of.value === "replies";
  if (!replies.length) return null;
  return (
    <>
      <h4>
        {t("Replies to start from")} <kbd aria-hidden="true">I 1–{replies.length}</kbd>
      </h4>
      <ol class={counted ? "guidance-replies counted" : "guidance-replies"}>
        {replies.map((reply, index) => (
          <li key={reply.text} class={reply.by ? "of-model" : ""}>
            {reply.by && <p class="tag">{t("Draft of the language model ({model}): check every word", { model: reply.by })}</p>}
            <p class="guidance-words" lang={contact.language} dir="auto">
              {reply.text}
            </p>
            <Sources reply={reply} />
            <button type="button" disabled={!desk.talk.value?.can("say")} onClick={() => desk.helping.insertReply(index)}>
              {t("Insert reply {n}", { n: index + 1 })}
              <kbd aria-hidden="true">I {index + 1}</kbd>
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}

function Sources({ reply }: { reply: Suggested }) {
  if (!reply.sources.length) return <p class="hint">{t("Source: the conversation")}</p>;
  return (
    <p class="hint">
      {t("Source")}:{" "}
      {reply.sources.map((source, index) => (
        <span key={source.title}>
          {index > 0 && " · "}
          {source.url ? (
            <a href={source.url} target="_blank" rel="noopener">
              {source.title}
            </a>
          ) : (
            source.title
          )}
        </span>
      ))}
    </p>
  );
}

function Drafting({ guidance }: { guidance: Guidance }) {
  const { commands } = useDeskContext();
  const command = commands.find((one) => one.name === "draft");
  const state = guidance.drafting.value;
  const busy = state === "writing" || state === "slow";
  const words = {
    none: "",
    ready: "",
    writing: t("The language model is writing …"),
    slow: t("It takes longer than usual; after 8 seconds it is given up. You can write meanwhile."),
    unusable: t("Nothing usable came back from the language model. Please write the reply yourself."),
    failed: guidance.refusal.value || t("The language model could not be asked. Please write the reply yourself."),
  }[state];
  return (
    <div class="guidance-draft">
      {command?.available() && (
        <button type="button" aria-disabled={busy} onClick={command.run} aria-keyshortcuts={chordLabel("KeyD")}>
          <DeskIcon name="lines" />
          {guidance.draft.value ? t("Draft again") : t("Draft a reply with the language model")}
          <kbd aria-hidden="true">{chordLabel("KeyD")}</kbd>
        </button>
      )}
      {words && <p class={state === "unusable" || state === "failed" ? "hint bad" : "hint"}>{words}</p>}
    </div>
  );
}

function Articles({ known }: { known: GuidanceView }) {
  if (!known.articles.length) return null;
  return (
    <>
      <h4>{t("Articles")}</h4>
      <ul class="guidance-articles">
        {known.articles.map((article) => (
          <li key={article.id}>
            <a href={article.url} target="_blank" rel="noopener">
              {article.title}
            </a>
            <p class="hint">{article.excerpt}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
