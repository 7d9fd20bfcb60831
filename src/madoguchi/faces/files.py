"""The bytes of an attachment as an answer: pictures are shown, everything else is only ever downloaded (S-07)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse


def file_response(row: Any, content: bytes) -> Response:
    """`row`: of the table `attachment`. Nothing in the file can run, and no other site can embed it."""
    inline = row.media_type.startswith("image/")
    return Response(
        content,
        media_type=row.media_type,
        headers={
            "Content-Disposition": f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(row.name)}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, no-store",
        },
    )


def copy_response(blocks: Iterator[bytes], name: str) -> Response:
    """A ZIP file, sent block by block and kept by no cache."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(blocks, media_type="application/zip", headers=headers)
