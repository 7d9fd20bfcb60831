"""The form's small script, which no page needs: it keeps what is typed, shows articles, and checks before sending."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse

router = APIRouter(include_in_schema=False)
_FILE = Path(__file__).with_name("form.js")


@router.get("/help/form.js")
def script() -> FileResponse:
    return FileResponse(_FILE, media_type="text/javascript", headers={"Cache-Control": "no-cache"})
