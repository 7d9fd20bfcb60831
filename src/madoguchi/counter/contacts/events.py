"""The facts of a contact's ledger: `kind` → the keys of its body. The only kinds that are appended.

Public facts are seen by the customer; internal ones only by staff and the assistant.
"""

from __future__ import annotations

# A message of customer, assistant, agent or system.
# body: text: str · lang: str · attachments: [id] · reply_to?: str (key of the question answered)
#   original?: {"text": str, "lang": str} (an agent's own words, where `text` is their translation)
#   choice?: {"key": str, "value": str} (customer pressed a button)
#   choices?: {"key": str, "kind": "buttons"|"orders"|"lines", "options": [{"value","label","detail"?,"image"?}]}
#   card?: {"kind": "order"|"tracking"|"proposal"|"receipt"|"refund"|"link", …view model made by the server}
#     a proposal's card with "asked": true has the message's choices as its buttons
MESSAGE = "message"
NOTE = "note.added"  # internal; text, whisper_to?: agent id (a word of a supervisor to the owner)

OPENED = "contact.opened"  # topic, order_number, tried?: [str] (what the customer has tried before)
IDENTIFIED = "contact.identified"  # rung, name (customer proved who they are within the contact)
LANGUAGE_CHANGED = "contact.language_changed"  # language
HAND_OVER = "hand_over.requested"  # queue, reason, summary {…}, promise_at, language_by?, agent_id? (who looks after them)
SUMMARY_CORRECTED = (
    "hand_over.summary_corrected"  # text, line?: what it stands for, changes {line: {before, now}}
)
ESCALATION = (
    "escalation.asked"  # level 1-3, wish: again | other | senior | demand, text; agent_id: with whom it was
)
SAME_AGENT = "escalation.same_agent"  # agent_id, name: another one was wished, and nobody else is on duty
OTHER_WAYS = "wait.other_ways"  # it takes long: other ways are offered beside the place in the queue
PROMISE_BROKEN = "wait.promise_broken"  # promise_at: by when somebody should have come
MAIL_WISHED = "wait.mail_wished"  # the customer need not stay: the answer is mailed as well
DELAYED = "reply.delayed"  # since; the agent's answer takes longer than it should
CALLED = "customer.called"  # kept_until; an agent has come and the customer is not there
AWAY = "customer.away"  # internal; the place was kept in vain
POSITION = "queue.position_changed"  # ahead, low_s, high_s, open: bool, opens_at?
OFFERED = "offer.made"  # internal; agent_id, deadline
OFFER_EXPIRED = "offer.expired"  # internal; agent_id
JOINED = "agent.joined"  # agent_id, name
LEFT = "agent.left"  # agent_id, name
PARTICIPANT_INVITED = "participant.invited"  # internal; participant_id, role, agent_id, name, queue
# participant_id, role, agent_id, name; public for an interpreter and a second agent, internal for the others
PARTICIPANT_JOINED = "participant.joined"
PARTICIPANT_LEFT = "participant.left"
TRANSFERRED = "contact.transferred"  # to_queue | to_agent, name, note is internal
RETURNED_TO_ASSISTANT = "contact.returned_to_assistant"
SNOOZED = "contact.snoozed"  # internal; until
WOKEN = "contact.woken"  # internal
LABELLED = "label.put"  # internal; label
UNLABELLED = "label.taken_off"  # internal; label
RESOLVED = "contact.resolved"  # by, text?
RESOLUTION_CONFIRMED = "resolution.confirmed"  # solved: true, by: customer | time
RESOLUTION_DENIED = "resolution.denied"
REOPENED = "contact.reopened"
ENDED = "contact.ended"  # reason
RATED = "contact.rated"  # score 1-5, solved: bool|None, comment
TRANSCRIPT_SENT = "transcript.sent"  # masked address
MESSAGE_ERASED = "message.erased"  # seqs, by: whose body is now {"text": "", "erased": {"by", "at"}}
ERASED = "contact.erased"  # by; all that is left of an erased contact

PROPOSED = "proposal.made"  # proposal_id, view
CONFIRMED = "proposal.confirmed"  # proposal_id
DONE = "proposal.done"  # proposal_id, receipt view
FAILED = "proposal.failed"  # proposal_id, reasons
WITHDRAWN = "proposal.withdrawn"  # proposal_id
APPROVAL_ASKED = "proposal.approval_asked"  # proposal_id
APPROVED = "proposal.approved"  # proposal_id, by

ORDER_HELD = "order.held"  # order

# Between a buyer and a marketplace seller, in the ledger of the buyer's contact; body: thread, text, …
SELLER_ASKED = "seller.asked"  # seller, order, text
SELLER_REMINDED = "seller.reminded"  # internal
SELLER_ANSWERED = "seller.answered"  # seller, text
SELLER_ACCEPTED = "seller.accepted"  # seller, text, wish: return | refund
SELLER_OBJECTED = "seller.objected"  # seller, text
SELLER_ESCALATED = "seller.escalated"  # seller, why: silent | unsolved | objected | accepted | claim
GUARANTEE_CLAIMED = "guarantee.claimed"  # amount, currency, text
SELLER_EVIDENCE = "seller.evidence"  # internal; seller, text, attachments: [id]
GUARANTEE_DECIDED = "guarantee.decided"  # state: granted | refused, amount, currency, text
GUARANTEE_PAID = "guarantee.paid"  # amount, currency
GUARANTEE_UNPAID = "guarantee.unpaid"  # internal; granted, but the shop could not pay: reasons

CASE_TOLD = "case.told"  # what we tell the customer of the case unasked; what: moved | late | investigating | stalled, state?, kind?, due?, again?
# Mail. Internal: mail_id, message_ids (what it answers and its own), subject, files_left_out: [name], defects: [str], simple: bool, cut: bool, status.
MAIL_TAKEN = "mail.taken"  # the customer's words before it came in this mail
MAIL_FROM_OTHER = "mail.from_other"  # an answer from another address than we wrote to; from, text
MAIL_AUTOMATIC = "mail.automatic"  # a machine answered; from, text
MAIL_BOUNCED = "mail.bounced"  # what we sent came back; from, text
MAIL_CHECKED = "mail.checked"  # who vouches for the sender of mail_id: by, domain, spf, dkim, dmarc, policy
# What an agent has written by mail and can still take back; internal until it leaves as a message.
MAIL_WAITS = "mail.waits"  # reply_id, text, due_at, scheduled, attachments: [attachment id]
MAIL_CHANGED = "mail.changed"  # reply_id, text, due_at
MAIL_TAKEN_BACK = "mail.taken_back"  # reply_id
MAIL_LEFT = "mail.left"  # reply_id, seq of the message

CALLBACK = "callback.changed"  # callback_id, what, state, kind, slot_at?, slot_end?, due_at, attempts, by

UNDERSTOOD = "assistant.understood"  # internal; language, intents, entities
FLOW_STARTED = "flow.started"  # internal; flow, run, params
FLOW_ANSWERED = "flow.answered"  # internal; run, key, value
FLOW_ENDED = "flow.ended"  # internal; run, outcome
TURN_FAILED = "assistant.turn_failed"  # internal; error

PUBLIC = frozenset(
    {
        MESSAGE,
        OPENED,
        IDENTIFIED,
        LANGUAGE_CHANGED,
        HAND_OVER,
        SUMMARY_CORRECTED,
        ESCALATION,
        SAME_AGENT,
        OTHER_WAYS,
        PROMISE_BROKEN,
        MAIL_WISHED,
        DELAYED,
        CALLED,
        POSITION,
        JOINED,
        LEFT,
        PARTICIPANT_JOINED,
        PARTICIPANT_LEFT,
        TRANSFERRED,
        RETURNED_TO_ASSISTANT,
        RESOLVED,
        RESOLUTION_CONFIRMED,
        RESOLUTION_DENIED,
        REOPENED,
        ENDED,
        RATED,
        TRANSCRIPT_SENT,
        MESSAGE_ERASED,
        ERASED,
        PROPOSED,
        CONFIRMED,
        DONE,
        FAILED,
        WITHDRAWN,
        APPROVAL_ASKED,
        APPROVED,
        ORDER_HELD,
        SELLER_ASKED,
        SELLER_ANSWERED,
        SELLER_ACCEPTED,
        SELLER_OBJECTED,
        SELLER_ESCALATED,
        GUARANTEE_CLAIMED,
        GUARANTEE_DECIDED,
        GUARANTEE_PAID,
        CASE_TOLD,
        CALLBACK,
    }
)
INTERNAL = frozenset(
    {
        NOTE,
        OFFERED,
        OFFER_EXPIRED,
        AWAY,
        PARTICIPANT_INVITED,
        SNOOZED,
        WOKEN,
        LABELLED,
        UNLABELLED,
        UNDERSTOOD,
        FLOW_STARTED,
        FLOW_ANSWERED,
        FLOW_ENDED,
        TURN_FAILED,
        SELLER_REMINDED,
        SELLER_EVIDENCE,
        GUARANTEE_UNPAID,
        MAIL_TAKEN,
        MAIL_FROM_OTHER,
        MAIL_AUTOMATIC,
        MAIL_BOUNCED,
        MAIL_CHECKED,
        MAIL_WAITS,
        MAIL_CHANGED,
        MAIL_TAKEN_BACK,
        MAIL_LEFT,
    }
)
