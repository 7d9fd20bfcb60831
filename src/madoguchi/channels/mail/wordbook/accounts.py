"""Letters about the account and its safety: codes, links, changes, privacy. Data."""

from __future__ import annotations

from madoguchi.channels.mail.wordbook.model import Fact, LetterKind, Passage, framed

LETTERS = (
    LetterKind(
        "code",
        "Code to sign in",
        "Somebody asks for a code on a page or in the chat",
        framed(
            Passage(
                "words",
                "Your code: {code}\n\nIt is valid for {minutes} minutes. Enter it on the page on which you asked for it.\n"
                "We never ask for this code by telephone, chat or mail. If you did not ask for it, you need not do anything.",
                fixed=True,
            )
        ),
        "Your code for {shop}",
    ),
    LetterKind(
        "access_link",
        "Link back into the account",
        "A customer who cannot get into the account was recognised by an agent",
        framed(
            Passage(
                "words",
                "With this link you get back into your account:\n{url}\n\nIt works once, within {minutes} minutes, and "
                "signs out all other devices. If you did not ask for it, you need not do anything.",
                fixed=True,
            )
        ),
        "Back into your account at {shop}",
    ),
    LetterKind(
        "account_done",
        "Change of the account",
        "Something was changed on a customer's account",
        framed(
            Fact("done", "What was done"),
            Passage("not_you", "If this was not you, please contact us at once.", fixed=True),
        ),
        "Done: {action}",
    ),
    LetterKind(
        "new_contact",
        "Enquiry opened in the account's name",
        "An enquiry was opened for a signed-in customer who wants to hear of it",
        framed(
            Passage(
                "words",
                "An enquiry was opened in your account's name.\n\nWhen: {at}\nHow: {channel}\n\nIf it was you, there is nothing to do. If not, please look at your enquiries and tell us at once:\n{url}\n\nYou can turn these mails off here:\n{settings}\n",
                fixed=True,
            )
        ),
        "A new enquiry in your name",
    ),
    LetterKind(
        "erasure_confirmed",
        "Erasure is coming",
        "A customer has confirmed that records are to be erased",
        framed(
            Passage(
                "words",
                "You asked us to erase records about you. It begins at {at} and is done within {days} days. Until it begins you can take it back:\n{url}\n\nIf you did not ask for this, please take it back and tell us at once.\n",
                fixed=True,
            )
        ),
        "{request}",
    ),
    LetterKind(
        "erasure_done",
        "Erasure is done",
        "What a customer asked to be erased has been erased",
        framed(
            Passage(
                "words",
                "What you asked us to erase has been erased. The record of it has the number {number} and holds numbers only.\n\nOrders and invoices stay for as long as the law says.\n",
                fixed=True,
            )
        ),
        "{request}",
    ),
    LetterKind(
        "copy_ready",
        "Copy of the records is ready",
        "The copy that a customer asked for can be downloaded",
        framed(
            Passage(
                "words",
                "Your copy is ready. You can download it for {days} days, after signing in:\n{url}\n",
                needed=True,
            )
        ),
        "{request}",
    ),
    LetterKind(
        "survey",
        "Question how our help was",
        "A case was solved and its customer has not answered the question on our pages",
        framed(
            Passage("solved", "Your enquiry {number} has been solved."),
            Passage("question", "How was our help?", needed=True),
            Passage("one_question", "One question, a few seconds:"),
            Fact("link", "Link to the question"),
            Passage(
                "no_more",
                "On the same page you can say that you want no more questions like this.",
                fixed=True,
            ),
        ),
        "How was our help? (enquiry {number})",
    ),
)
