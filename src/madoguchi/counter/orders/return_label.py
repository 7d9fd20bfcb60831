"""The return label (返送ラベル) as PDF: to whom, from whom, what is inside, and the return's number as a barcode (RET-011).

One A5 page. The standard Japanese fonts of every PDF reader are named, none is embedded. The barcode is Code 128,
drawn as lines, and its text stands below it, so that a label that cannot be scanned can be typed.
"""

from __future__ import annotations

import io

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.pagesizes import A5
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from madoguchi.counter.orders.model import Address, Order, ReturnRecord
from madoguchi.counter.orders.phrases import address_text, return_reason_label
from madoguchi.counter.orders.receipt import Issuer

_FONT = "HeiseiKakuGo-W5"
_LEFT, _RIGHT = 15 * mm, A5[0] - 15 * mm
_MOST_ROWS = 12


def render(order: Order, record: ReturnRecord, issuer: Issuer) -> bytes:
    """The label of one return. The same record gives the same bytes, however often it is asked for."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A5, invariant=True)
    canvas.setTitle(f"返送ラベル {record.id}")
    canvas.setAuthor(issuer.name)
    canvas.setFont(_FONT, 18)
    canvas.drawString(_LEFT, A5[1] - 22 * mm, "返送ラベル")
    canvas.setFont(_FONT, 9)
    canvas.drawRightString(
        _RIGHT,
        A5[1] - 22 * mm,
        "元払い（お客様ご負担）" if record.customer_pays_shipping else "着払い（当店負担）",
    )
    y = _party(canvas, A5[1] - 34 * mm, "お届け先", _shop(issuer))
    y = _party(canvas, y, "ご依頼主", _sender(order.address))
    y = _content(canvas, y, order, record)
    _barcode(canvas, y, record.id)
    canvas.save()
    return buffer.getvalue()


def _party(canvas: Canvas, y: float, title: str, rows: list[str]) -> float:
    canvas.setFont(_FONT, 8)
    canvas.drawString(_LEFT, y, title)
    canvas.setFont(_FONT, 11)
    for row in rows:
        y -= 6 * mm
        canvas.drawString(_LEFT + 4 * mm, y, _clean(row))
    return y - 10 * mm


def _shop(issuer: Issuer) -> list[str]:
    return [row for row in (f"{issuer.name} 返品係", issuer.address, issuer.phone) if row.strip()]


def _sender(address: Address) -> list[str]:
    text = address_text(address.model_dump(), "ja" if address.country == "JP" else "en")
    return [text[start : start + 30] for start in range(0, len(text), 30)]


def _content(canvas: Canvas, y: float, order: Order, record: ReturnRecord) -> float:
    lines = [(order.line(piece.line_id), piece.quantity) for piece in record.lines]
    rows = [f"{line.label('ja')} × {count}" for line, count in lines if line is not None]
    if len(rows) > _MOST_ROWS:
        rows = [*rows[: _MOST_ROWS - 1], f"ほか{len(rows) - _MOST_ROWS + 1}点"]
    canvas.setFont(_FONT, 8)
    canvas.drawString(_LEFT, y, f"内容・理由：{return_reason_label(record.reason, 'ja')}")
    canvas.drawRightString(_RIGHT, y, f"注文番号 {_clean(order.number)}")
    for row in rows:
        y -= 5 * mm
        canvas.drawString(_LEFT + 4 * mm, y, _clean(row)[:48])
    return y - 12 * mm


def _barcode(canvas: Canvas, y: float, return_id: str) -> None:
    height = 16 * mm
    code = Code128(return_id, barHeight=height, barWidth=0.28 * mm, humanReadable=False)
    code.drawOn(canvas, (A5[0] - code.width) / 2, y - height)
    canvas.setFont(_FONT, 10)
    canvas.drawCentredString(A5[0] / 2, y - height - 5 * mm, return_id)


def _clean(text: str) -> str:
    """What the standard fonts can draw: one line without control characters."""
    return "".join(character for character in text if character.isprintable())[:120]
