"""The console: pages with which supervisors and operators look after the house. Without scripts, by keyboard."""

from fastapi import APIRouter

from madoguchi.faces.console import (
    article_review,
    article_signals,
    articles,
    deflection,
    feedback,
    figures,
    held,
    home,
    learning,
    mails,
    privacy,
    promises,
    solved,
    surveys,
    words,
)

router = APIRouter()
router.include_router(home.router)
router.include_router(learning.router)
router.include_router(figures.router)
router.include_router(deflection.router)
router.include_router(held.router)
router.include_router(promises.router)
router.include_router(mails.router)
router.include_router(solved.router)
router.include_router(words.router)
router.include_router(surveys.router)
router.include_router(feedback.router)
router.include_router(article_signals.router)
router.include_router(article_review.router)
router.include_router(articles.router)
router.include_router(privacy.router)

__all__ = ["router"]
