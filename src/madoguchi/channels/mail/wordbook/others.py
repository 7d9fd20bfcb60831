"""Letters about orders, call-backs and sellers, and those to staff. Data."""

from __future__ import annotations

from madoguchi.channels.mail.wordbook.model import Fact, LetterKind, Passage, framed

_TO_COME = frozenset({"confirmed", "moved", "reminder", "late", "postponed", "not_reached"})

# what → (name, when it is sent, subject, words)
_CALLBACKS = {
    "confirmed": (
        "Call-back: booked",
        "A call-back was booked",
        "We call you: {when} ({number})",
        "We have received your wish to be called: {when}.",
    ),
    "moved": (
        "Call-back: moved",
        "A call-back has another time",
        "Your call-back was moved: {when} ({number})",
        "The new time of our call: {when}.",
    ),
    "cancelled": (
        "Call-back: cancelled",
        "A call-back was cancelled",
        "Your call-back was cancelled ({number})",
        "We do not call you. Your enquiry stays open; you can go on in writing or book again.",
    ),
    "reminder": (
        "Call-back: soon",
        "A booked call-back is near",
        "We call you soon: {when} ({number})",
        "We call you soon: {when}.",
    ),
    "late": (
        "Call-back: late",
        "We have not called at the promised time",
        "Our call is late ({number})",
        "We had promised to call you by now and have not managed to. We are sorry, and call as soon as we can.",
    ),
    "postponed": (
        "Call-back: postponed",
        "We call later than we had said",
        "We call you later than we said ({number})",
        "We could not call you in time and are sorry. We call: {when}.",
    ),
    "not_reached": (
        "Call-back: not reached, again later",
        "We called, nobody answered, and we try again",
        "We called and did not reach you ({number})",
        "We called and could not reach you. We try again: {when}.",
    ),
    "missed": (
        "Call-back: not reached",
        "We called several times and nobody answered",
        "We could not reach you ({number})",
        "We called several times and could not reach you. Please choose another time, or write to us.",
    ),
    "wrong_number": (
        "Call-back: wrong number",
        "The number did not reach the customer",
        "Please check your telephone number ({number})",
        "The number that we have did not reach you. Please check it and book again, or write to us.",
    ),
}

# what → (name, when it is sent, words)
_TO_SELLERS = {
    "asked": (
        "Seller: a buyer asks",
        "A buyer has written to a seller",
        "A buyer has written to you about order {number}. Please answer by {until}.",
    ),
    "reminded": (
        "Seller: reminder",
        "A seller has not answered yet",
        "A buyer is waiting for your answer about order {number}. Please answer by {until}.",
    ),
    "escalated": (
        "Seller: the shop has taken it up",
        "The disputes desk has taken up an order",
        "The shop's disputes desk has taken up order {number}.",
    ),
    "granted": (
        "Seller: guarantee granted",
        "The guarantee is to pay for an order",
        "The guarantee pays for order {number}. We will contact you about it.",
    ),
    "paid": (
        "Seller: guarantee paid",
        "The guarantee has paid for an order",
        "The guarantee has paid for order {number}. We will contact you about it.",
    ),
    "refused": (
        "Seller: claim refused",
        "A buyer's claim was refused",
        "The claim about order {number} was refused.",
    ),
}
_TO_BUYERS = {
    "answered": (
        "Buyer: the seller has answered",
        "A seller has answered a buyer",
        "The seller has answered about your order {number}.",
    ),
    "silent": (
        "Buyer: the seller is silent",
        "A seller has not answered in time",
        "The seller has not answered about your order {number}. You can ask the shop to take it up.",
    ),
    "escalated": (
        "Buyer: the shop has taken it up",
        "The disputes desk has taken up a buyer's order",
        "The shop's disputes desk has taken up your order {number}. A person will answer you.",
    ),
    "granted": (
        "Buyer: guarantee granted",
        "The guarantee is to pay a buyer",
        "The guarantee pays for your order {number}.",
    ),
    "refused": (
        "Buyer: claim decided",
        "There is a decision on a buyer's claim",
        "There is a decision on your claim about order {number}.",
    ),
}


def _callback(what: str) -> LetterKind:
    name, when, subject, words = _CALLBACKS[what]
    ringtone = (Fact("ringtone", "Which number will call"),) if what in _TO_COME else ()
    return LetterKind(
        f"callback_{what}",
        name,
        when,
        framed(
            Passage("words", words, needed=True),
            Passage("number", "Enquiry number: {number}"),
            *ringtone,
            Passage(
                "page",
                "Look at it, change or cancel it, or check whether it is really us who call: {url}",
                needed=True,
            ),
        ),
        subject,
    )


def _of_seller(side: str, what: str) -> LetterKind:
    name, when, words = (_TO_SELLERS if side == "seller" else _TO_BUYERS)[what]
    return LetterKind(
        f"{side}_{what}",
        name,
        when,
        framed(Passage("words", words, needed=True), Fact("link", "Link to the messages")),
        "About order {number}",
        readers="sellers" if side == "seller" else "customers",
    )


ORDERS = (
    LetterKind(
        "order_done",
        "Done with an order",
        "A cancellation, return, refund or another change of an order was carried out",
        framed(Fact("done", "What was done, and what follows")),
        "Done: {title} (order {number})",
    ),
)
CALLBACKS = (
    *map(_callback, _CALLBACKS),
    LetterKind(
        "callback_code",
        "Code for a call-back",
        "Somebody who is not signed in asks to be called",
        framed(
            Passage("code", "The code for your call-back: {code}", needed=True),
            Passage("valid", "It is valid for {minutes} minutes. Never tell it to anybody.", fixed=True),
            Passage(
                "not_you",
                "If you did not ask for a call, you need not do anything: nobody calls without the code.",
                fixed=True,
            ),
        ),
        "The code for your call-back",
    ),
)
SELLERS = (
    *(_of_seller("seller", what) for what in _TO_SELLERS),
    *(_of_seller("buyer", what) for what in _TO_BUYERS),
)
STAFF = (
    LetterKind(
        "alert",
        "Alert to those who lead",
        "Something is amiss at the desk",
        framed(
            Fact("what", "What is amiss"),
            Passage("board", "The live board:"),
            Fact("link", "Link to the live board"),
        ),
        "Alert: {what}",
        readers="staff",
    ),
    LetterKind(
        "report",
        "Report by mail",
        "A report that is mailed by itself is due",
        framed(
            Fact("figures", "Figures and charts"),
            Passage("whole", "The whole report:"),
            Fact("link", "Link to the report"),
        ),
        "Report: {name}, {period}",
        readers="staff",
        signed=False,
    ),
    LetterKind(
        "news",
        "News for who is away",
        "A member of staff who is away was named, or something they follow has moved",
        framed(
            Fact("news", "Who has named them and what has moved, with links"),
            Passage(
                "why",
                "You get this mail because you were away from the desk. Switch it off in the settings there.",
                fixed=True,
            ),
        ),
        "News for you at the desk: {n}",
        readers="staff",
    ),
)
