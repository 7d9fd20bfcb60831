"""The console: pages with which supervisors and operators look after the house. Without scripts, by keyboard."""

from fastapi import APIRouter

from madoguchi.faces.console import (
    alerts,
    article_review,
    article_signals,
    articles,
    audit,
    callbacks,
    case_templates,
    conditions,
    deflection,
    feedback,
    figures,
    flows,
    forecast,
    held,
    home,
    hours,
    imports,
    keys,
    leading,
    learning,
    letters,
    live,
    mails,
    own_flow_steps,
    own_flow_try,
    own_flows,
    policies,
    privacy,
    profiles,
    promises,
    queues,
    report_mails,
    report_others,
    reports,
    retention,
    reviews,
    rule_versions,
    saved_replies,
    schedule,
    solved,
    staff,
    statuses,
    surveys,
    waits,
    way,
    ways,
    webhooks,
    words,
)

router = APIRouter()
router.include_router(home.router)
router.include_router(learning.router)
router.include_router(figures.router)
router.include_router(waits.router)
router.include_router(ways.router)
router.include_router(way.router)
router.include_router(case_templates.router)
router.include_router(forecast.router)
router.include_router(deflection.router)
router.include_router(held.router)
router.include_router(promises.router)
router.include_router(callbacks.router)
router.include_router(reports.router)
router.include_router(report_mails.router)
router.include_router(report_others.router)
router.include_router(mails.router)
router.include_router(letters.router)
router.include_router(solved.router)
router.include_router(words.router)
router.include_router(flows.router)
router.include_router(own_flows.router)
router.include_router(own_flow_steps.router)
router.include_router(own_flow_try.router)
router.include_router(surveys.router)
router.include_router(feedback.router)
router.include_router(article_signals.router)
router.include_router(article_review.router)
router.include_router(articles.router)
router.include_router(policies.router)
router.include_router(rule_versions.router)
router.include_router(privacy.router)
router.include_router(retention.router)
router.include_router(conditions.router)
for each in (live, leading, alerts, reviews, audit, keys, webhooks):
    router.include_router(each.router)
router.include_router(saved_replies.router)
router.include_router(hours.router)
router.include_router(queues.router)
router.include_router(profiles.router)
router.include_router(statuses.router)
router.include_router(staff.router)
router.include_router(schedule.router)
router.include_router(imports.router)

__all__ = ["router"]
