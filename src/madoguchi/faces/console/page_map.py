"""The console's pages: what each is called, what one comes there for, who may open it. In order of what one comes for."""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.counter.team.policy import Verb


@dataclass(frozen=True)
class ConsolePage:
    """A page of the console. `found_by`: more words by which people look for it; never shown."""

    path: str
    name: str
    about: str
    verb: Verb
    found_by: str = ""


PAGES: dict[str, list[ConsolePage]] = {
    "The desk now": [
        ConsolePage("/console/live", "Live board", "Who waits, who works, and what is getting late", "figures.read", "live board waiting now"),
        ConsolePage("/console/alerts", "Alerts", "What has rung, and from which figure on it rings", "team.lead", "alerts thresholds warnings"),
        ConsolePage("/console/reviews", "Reviews of conversations", "Read conversations and give marks", "quality.review", "quality reviews scorecard"),
        ConsolePage("/console/reviews/mine", "What was said of my work", "Read and confirm the reviews of your own conversations", "contacts.work", "my reviews"),
    ],
    "Customers": [
        ConsolePage("/console/promises", "Promises kept and broken", "What is overdue or stands still, and how many promises were kept", "figures.read", "overdue deadlines service levels"),
        ConsolePage("/console/callbacks", "Call-backs", "Who has to be called when, and what is late", "contacts.reassign", "call back telephone appointments"),
        ConsolePage("/console/held", "Held orders", "Unusual orders that wait for a look before they are sent", "actions.propose", "held orders fraud"),
        ConsolePage("/console/mails", "Mails kept apart", "Doubtful mails: let them in or throw them away", "contacts.reassign", "spam quarantine mail"),
        ConsolePage("/console/feedback", "Feedback", "Praise, complaints and suggestions of customers", "feedback.read", "complaints praise"),
        ConsolePage("/console/privacy", "Privacy", "Erasure and copies that customers ask for, and what has to be kept", "history.erase", "erasure copies holds personal data"),
        ConsolePage("/console/conditions", "Outages and peak seasons", "Say what does not work now, or that many are asking", "conditions.declare", "outage peak season announcement"),
        ConsolePage("/console/retention", "How long things are kept", "What the next round removes, and what the last ones removed", "history.erase", "retention removal"),
    ],
    "Figures": [
        ConsolePage("/console/reports", "Reports", "Every figure with its chart, filters, comparison and file", "figures.read", "reports figures csv"),
        ConsolePage("/console/reports/mails", "Reports by mail", "Reports that are mailed by themselves", "figures.read", "reports mail every week"),
        ConsolePage("/console/reports/others", "Compared with other shops", "Our figures beside those of other shops", "figures.read", "benchmark comparison"),
        ConsolePage("/console/figures", "How long things take", "Times until an answer and a solution, week by week", "figures.read", "answer times"),
        ConsolePage("/console/waits", "Promised waits", "What people who waited were told, and how long it really was", "figures.read", "waiting time promised"),
        ConsolePage("/console/forecast", "Forecast", "How many contacts are to come, hour by hour", "figures.read", "forecast staffing"),
        ConsolePage("/console/solved", "Solved without a person", "Share of conversations that the AI assistant finished", "assistant.teach", "automation share"),
        ConsolePage("/console/deflection", "Forms that an article made needless", "How often an article answered before the form was sent", "figures.read", "deflection articles"),
        ConsolePage("/console/surveys", "What customers say of our help", "Satisfaction, comments and what they are about", "feedback.read", "satisfaction survey"),
    ],
    "House": [
        ConsolePage("/console/policies", "Rules of the shop", "Returns, refunds, limits; ask them for one order", "figures.read", "policy returns refunds limits rules"),
        ConsolePage("/console/policies/versions", "Versions of the rules", "Who changed which rule when, and drafts that wait for somebody else", "figures.read", "versions drafts history of rules"),
        ConsolePage("/console/ways", "Ways to reach us", "Which ways are on, whom they serve, and how they are doing now", "figures.read", "channels telephone mail chat form"),
        ConsolePage("/console/hours", "Opening hours", "Opening hours, holidays and days of our own", "staffing.manage", "opening hours holidays calendar"),
        ConsolePage("/console/queues", "Queues", "Queues, what leads to them and who serves them", "queues.manage", "queues routing"),
        ConsolePage("/console/staff", "Staff", "People, their roles, skills, plans and accounts", "staffing.manage", "staff people accounts skills schedule"),
        ConsolePage("/console/profiles", "Routing profiles", "How much of what somebody takes at once", "staffing.manage", "routing profiles capacity"),
        ConsolePage("/console/statuses", "Own statuses", "Statuses of this house beside the usual ones", "staffing.manage", "statuses break"),
        ConsolePage("/console/imports", "CSV files", "Bring in people, plans and queues from files", "staffing.manage", "csv import"),
    ],
    "Words": [
        ConsolePage("/console/templates", "Cases with fixed steps", "Tasks that are made by themselves for fraud and suspected leaks", "figures.read", "templates tasks steps fraud leak"),
        ConsolePage("/console/letters", "Letters", "The words of every mail that the house sends, in each language", "letters.edit", "mails letters wording acknowledgement templates"),
        ConsolePage("/console/replies", "Saved replies", "Texts that agents send often, in every language", "contacts.work", "macros templates canned snippets"),
        ConsolePage("/console/articles", "Help articles", "Write articles, review them, let them go live", "articles.edit", "faq articles help"),
        ConsolePage("/console/learning", "What the assistant did not understand", "Label what was not understood, so that it is next time", "assistant.teach", "learning training"),
        ConsolePage("/console/flows", "Dialogues of the assistant", "What it asks and says, where customers leave, and who answers what", "assistant.divide", "dialogues flows automation division of labour"),
        ConsolePage("/console/words", "What customers call things", "Words of customers for goods and subjects", "assistant.teach", "synonyms words"),
    ],
    "Installation": [
        ConsolePage("/console/keys", "API keys", "Keys for programs, and what each of them may do", "keys.manage", "api keys programs"),
        ConsolePage("/console/webhooks", "Webhooks", "Programs that are told of events", "webhooks.manage", "webhooks events"),
        ConsolePage("/console/audit", "Audit log", "Who did what and when", "audit.read", "audit log history"),
        ConsolePage("/console/uptime", "Uptime", "When the house was up, and when it was not", "audit.read", "uptime outage"),
    ],
}  # fmt: skip
