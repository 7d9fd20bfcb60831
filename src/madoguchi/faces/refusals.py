"""What a refusal of the rooms says when the house is set up: beside its field on a page, as a title in the API."""

from __future__ import annotations

from madoguchi.counter.problems import Problem
from madoguchi.faces.forms import Form

WORDS = {
    "calendar_in_use": "A rule names this calendar. Remove the rule first.",
    "capacity_out_of_range": "Please choose a number from {low} to {high}",
    "changed_meanwhile": "Somebody else has changed this in the meantime. What you typed is still here; saving again replaces the other change.",
    "date_unreadable": "Write the day like 2027-03-31",
    "dialogue_unready": "First mend what is marked as an error.",
    "draft_there": "Somebody is writing a draft of this dialogue already",
    "four_eyes": "Somebody who has not written in this draft has to approve it",
    "id_unusable": "Use small letters, digits and hyphens, beginning with a letter or digit",
    "language_missing": "Choose at least one language",
    "last_before_first": "The last day is before the first, or more than a year after it",
    "letter_asks_for_secrets": "Our mails ask nobody for a password, a code or a card number",
    "letter_fixed": "This passage stays as it is: the law or the customer's safety asks for it",
    "letter_foreign_link": "{link} leads neither to us nor to a partner; such a mail would not leave",
    "letter_html": "Write plain words; links and lines are laid out by themselves",
    "letter_needed": "This passage cannot be left out",
    "letter_passage_unknown": "There is no such passage in this letter",
    "letter_place_form": "Write a place as its name alone in curly brackets: {place}",
    "letter_place_missing": "{place} is missing; it was perhaps meant by {near}",
    "letter_place_unknown": "There is no {place} in this letter; perhaps {near} is meant",
    "letter_subject_lines": "A subject has one line",
    "letter_too_long": "Please keep this within {limit} characters",
    "last_way_to_a_person": "This is the last way on which everybody reaches a person; it stays on",
    "login_taken": "There is somebody with this sign-in name already",
    "login_unusable": "Use 2 to 119 letters, digits, dots, hyphens, underscores, @ or +",
    "name_missing": "Enter a name",
    "out_of_range": "Please choose a number from {low} to {high}",
    "overflow_unusable": "Write one step on a line: seconds, then a queue, for example 120 general",
    "profile_in_use": "These people have this profile: {names}. Give them another one first.",
    "queue_in_use": "{waiting} contacts wait in this queue. Move them first, then switch it off.",
    "queue_missing": "Choose at least one queue",
    "queue_needed": "This queue is needed: nothing else takes its enquiries over.",
    "relaxation_unusable": "Write one step on a line: seconds, then a lower proficiency, for example 120 3",
    "deeds_exclude": "Choose one of hold, transfer and resolve",
    "label_text": "A label has 1 to {longest} characters",
    "main_text_missing": "Write the Japanese text first; the others are translated from it",
    "place_unclosed": "A curly bracket is left alone; take the places from the list",
    "draft_elsewhere": "This draft is not in a state in which that can be done",
    "rules_moved_on": "Other rules are in force than those that this was drafted on (now version {number}). It has to be brought onto that version first.",
    "rules_need_another": "Somebody else than who drafted the rules has to put them in force",
    "rules_not_yours": "Only who began this draft can go on with it",
    "rules_unusable": "These rules cannot be used: {why}",
    "why_missing": "Say why in up to {longest} characters",
    "rule_empty": "Choose at least one of queue, way, language and customers",
    "seller_unbound": "A seller's account has no role of staff",
    "shortcut_taken": "Another saved reply has this short name already",
    "spans_unreadable": "Write hours like 09:00-18:00; several with commas; leave it empty for closed",
    "step_name_taken": "Another step has this name too",
    "step_name_unusable": "Use small letters, digits and underscores, beginning with a letter",
    "too_many_steps": "A dialogue has {most} steps at most",
    "unknown_category": "This kind of enquiry is not known",
    "unknown_calendar": "Choose a calendar",
    "unknown_country": "Use two letters, for example JP",
    "unknown_labour": "Choose one of the ways",
    "unknown_language": "Choose one of the languages",
    "unknown_place": "There is no {place}. Known are: {known}",
    "unknown_matter": "There is no such enquiry or action",
    "unknown_profile": "Choose a profile that is in use",
    "unknown_queue": "Choose a queue that is in use",
    "unknown_role": "Choose at least one role",
    "unknown_status": "Choose one of the four",
    "unknown_timezone": "Use a name like Asia/Tokyo or Europe/London",
    "way_reason_missing": "Say why, at least in the first language of the shop; customers read it",
    "way_segments": "Write the kinds of customers with commas, each within 40 characters, at most 20",
    "way_until_past": "Choose a time that is still to come",
    "way_words_long": "Write one line within {limit} characters",
    "ways_leave_alone": "{n} kinds of enquiries would have no way to a person. Tick that you are sure, then save again.",
    "ways_order": "Give each way a place of its own",
    "week_first": "Save the weekly shifts first",
    "yourself": "You cannot switch off your own account or give up your own right to manage accounts",
}


def tell(form: Form, problem: Problem, otherwise: str) -> None:
    """Note the refusal at the field that it names, else at `otherwise`. Raises it again where there are no words for it."""
    words = WORDS.get(problem.code)
    if words is None:
        raise problem
    params = {**problem.params}
    field = str(params.pop("field", "") or otherwise)
    params.setdefault("low", params.get("lowest", 1))
    params.setdefault("high", params.get("highest", 50))
    form.wrong(field, words, **params)
