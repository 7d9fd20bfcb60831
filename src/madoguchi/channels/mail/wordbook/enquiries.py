"""Letters about an enquiry: received, confirmed, answered, moved, late, solved. Data."""

from __future__ import annotations

from madoguchi.channels.mail.wordbook.model import Fact, LetterKind, Passage, framed

_LOOK_AMONG = "If our answer does not come, please look among unwanted mails too. To add something, just answer this mail."
_ABOUT = Passage("about", "This is about your enquiry {number}.", needed=True)
_PROMISES = Fact("promises", "What we have promised by when")
_PAGE = Passage("page", "Everything about it, and the way to write to us: {url}", only="page")
_ONCE = Passage(
    "once", "The link signs you in, once, within {hours} hours. Please pass it on to nobody.", fixed=True
)
_LINK = Fact("link", "Link back into the conversation")

STEPS = {
    "waiting_for_us": "We go on with it; you need not do anything.",
    "waiting_for_customer": "We need your reply to go on. The time until the solution stands still until then.",
    "waiting_for_third_party": "Another company has to answer first. We ask again and tell you as soon as we know more.",
    "investigating": "We are looking into it and write to you at least every {hours} hours until we know more.",
    "resolved": "For us it is solved. If it is not for you, tell us, and it goes on.",
    "closed": "It is closed. If anything is left, write to us and it is opened again.",
    "reopened": "It is open again, and we go on with it.",
}

LETTERS = (
    LetterKind(
        "mail_received",
        "Acknowledgement of a mail",
        "A customer's mail has come in; at most once a day to an address",
        framed(
            Passage(
                "received",
                "We have received your mail. Your enquiry has the number {number}.",
                needed=True,
            ),
            _PROMISES,
            Passage("hours", "People answer: {hours}"),
            Passage("look_among", _LOOK_AMONG),
        ),
        "We have received your enquiry ({number})",
        answerable=True,
    ),
    LetterKind(
        "form_received",
        "Acknowledgement of a form",
        "The form was sent, and its address is proved",
        framed(
            Passage(
                "received",
                "We have received your enquiry. It has the number {number}.",
                needed=True,
            ),
            Fact("matter", "What it is about, and the usual time"),
            Passage("hours", "People answer: {hours}"),
            Fact("summary", "What the customer wrote"),
            Passage("look_among", _LOOK_AMONG),
        ),
        "We have received your enquiry ({number})",
        answerable=True,
    ),
    LetterKind(
        "form_confirm",
        "Question whether the form is theirs",
        "The form was sent with an address that nobody has proved yet",
        framed(
            Passage(
                "somebody",
                "Somebody wrote to us on our form and gave this address. If it was you, please confirm it here; then we begin:",
                needed=True,
            ),
            Fact("link", "Link that confirms"),
            Passage("number", "Your enquiry number: {number}"),
            Passage(
                "valid",
                "The link is valid for {hours} hours. Further enquiries from this address are confirmed by it as well.",
            ),
            Passage(
                "not_you",
                "If it was not you, you need not do anything: nobody reads it, and it is removed by itself.",
                fixed=True,
            ),
        ),
        "Please confirm your enquiry ({number})",
    ),
    LetterKind(
        "reply",
        "Answer of an agent",
        "An agent answers an enquiry that came by mail or form",
        framed(Fact("answer", "What the agent has written")),
        "",
        asides=(
            Passage("further_title", "Pages that help further", needed=True),
            Passage("quoted_title", "You wrote:", needed=True),
        ),
        signed=False,
    ),
    LetterKind(
        "case_moved",
        "Enquiry has moved on",
        "A case has another state",
        framed(
            _ABOUT,
            Passage("state", "State: {state}", needed=True),
            *(Passage(f"step_{state}", words, only=state) for state, words in STEPS.items()),
            _PROMISES,
            _PAGE,
        ),
        "Your enquiry {number}: {state}",
        answerable=True,
    ),
    LetterKind(
        "case_late",
        "Enquiry takes longer than promised",
        "A promised time cannot be kept",
        framed(_ABOUT, Fact("late", "What is late, and when we write again"), _PAGE),
        "Your enquiry {number} takes longer than promised",
        answerable=True,
    ),
    LetterKind(
        "case_investigating",
        "Still investigating",
        "An investigation goes on and nothing new is known",
        framed(
            _ABOUT,
            Passage(
                "still",
                "We are still investigating and know nothing new yet. You hear from us again within {hours} hours.",
                needed=True,
            ),
            _PROMISES,
            _PAGE,
        ),
        "Your enquiry {number}: we are still investigating",
        answerable=True,
    ),
    LetterKind(
        "case_stalled",
        "Enquiry has stood still",
        "Nothing has happened in a case for some days",
        framed(
            _ABOUT,
            Passage(
                "sorry",
                "Nothing has happened in it for some days. We are sorry; our supervisors have been told.",
                needed=True,
            ),
            Passage(
                "write_again",
                "You can write to us again at any time, and it goes on in the same enquiry.",
            ),
            Passage("tell_us", "You can tell us what you think of it here: {feedback}"),
            _PAGE,
        ),
        "Your enquiry {number} has not moved on",
        answerable=True,
    ),
    LetterKind(
        "called",
        "A person is waiting",
        "A person takes over after the customer has closed the chat",
        framed(
            Passage(
                "there",
                "A person is there for your enquiry now. Your place is kept until {until}.\n"
                "If you come later, write in the same chat; what was said is kept.",
                needed=True,
            ),
            _LINK,
            _ONCE,
        ),
        "A person is waiting for you",
    ),
    LetterKind(
        "answered",
        "Answered in the chat",
        "A person has answered somebody who wished to hear of it by mail",
        framed(
            Passage(
                "answered",
                "A person has answered in the chat. You can read it and go on there at any time.",
                needed=True,
            ),
            _LINK,
            _ONCE,
        ),
        "Your enquiry has been answered",
    ),
    LetterKind(
        "transcript",
        "Transcript of a conversation",
        "A customer has asked for what was said",
        framed(
            Passage("head", "Transcript of your enquiry {number} (times: {zone})", needed=True),
            Fact("lines", "What was said"),
        ),
        "Transcript of your enquiry {number}",
    ),
)
