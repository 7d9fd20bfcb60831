"""The agents' face: sign-in, the shell that the desk's script fills, a mail on a page, and what staff do with a contact."""

from fastapi import APIRouter

from madoguchi.faces.desk import mails, pages, plan

router = APIRouter()
router.include_router(pages.router)
router.include_router(mails.router)
router.include_router(plan.router)

__all__ = ["router"]
