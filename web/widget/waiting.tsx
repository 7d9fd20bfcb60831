// While one waits for a person: by when one comes, other ways; beside a person: the way to somebody else.

import type { Contact } from "../core/shapes.ts";
import { CallCard } from "./call_card.tsx";
import { SomebodyElse } from "./objections.tsx";
import type { Visit } from "./visit.ts";

/** Promises of the case; while one waits for a person also by when one comes, and other ways. */
export function Waiting({ visit, contact }: { visit: Visit; contact: Contact }) {
  const { waiting } = contact;
  if (contact.channel === "callback") return <CallCard key={contact.id} visit={visit} contact={contact} />;
  // while nobody can say when a person comes, a time until an answer would say too much
  const unknown = contact.owner.kind === "queue" && !contact.expectation?.high_s;
  const lines = contact.state === "open" && !unknown ? (contact.case?.promises ?? []).map((one) => one.text) : [];
  const told = [waiting?.text, waiting?.mail_text, ...(waiting?.text ? [] : lines)].filter(Boolean);
  if (!told.length && !waiting?.ways.length && !contact.can.escalate) return null;
  return (
    <div class="waits">
      {told.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {!!waiting?.ways.length && (
        <>
          <p>{waiting.ways_text}</p>
          <div class="deeds">
            {waiting.ways.map((way) =>
              way.way === "callback" ? (
                <button type="button" key={way.way} onClick={() => visit.go({ name: "call", back: { name: "chat" }, contact })}>
                  {way.label}
                </button>
              ) : (
                <button type="button" key={way.way} onClick={() => void visit.attempt(() => visit.settle("answer-by-mail", {}))}>
                  {way.label}
                </button>
              ),
            )}
          </div>
        </>
      )}
      {contact.can.escalate && <SomebodyElse visit={visit} />}
    </div>
  );
}
