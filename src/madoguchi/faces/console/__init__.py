"""The console: pages with which supervisors and operators look after the house. Without scripts, by keyboard."""

from fastapi import APIRouter

from madoguchi.faces.console import figures, held, home, learning, mails, solved, words

router = APIRouter()
router.include_router(home.router)
router.include_router(learning.router)
router.include_router(figures.router)
router.include_router(held.router)
router.include_router(mails.router)
router.include_router(solved.router)
router.include_router(words.router)

__all__ = ["router"]
