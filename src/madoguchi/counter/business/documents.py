"""Quotations (見積書) and invoices (請求書) as PDF, in the form of the addressee's locale (BIZ-002, BIZ-011, BIZ-012).

Amounts include tax; the tax of each rate is rounded once per document, as the qualified invoice demands (Order for
Enforcement of the Consumption Tax Act, art. 70-10).
"""

from __future__ import annotations

import io
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from madoguchi.counter.business import policy
from madoguchi.counter.business.forms import Form, form_of
from madoguchi.counter.business.model import Document
from madoguchi.counter.orders.receipt import Issuer
from madoguchi.kit.money import Money

_LEFT, _RIGHT = 25 * mm, A4[0] - 25 * mm
_COLUMNS = (118 * mm, 140 * mm)  # quantity and price end here
_ROWS_PER_PAGE = 26


def render(document: Document, issuer: Issuer, shop_zone: tzinfo) -> bytes:
    """One A4 page, or more for many rows, in the language and time zone that it was issued in; always the same bytes."""
    form = form_of(language_of(document))
    for font in {form.sans, form.serif}:
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=True)
    canvas.setTitle(f"{getattr(form, document.kind)} {document.number}")
    canvas.setAuthor(issuer.name)
    y = _head(canvas, document, form, particulars(document, issuer, shop_zone))
    y = _rows(canvas, document, form, y)
    _tax(canvas, document, form, y)
    canvas.save()
    return buffer.getvalue()


def language_of(document: Document) -> str:
    return str(document.body.get("language") or "ja")


def particulars(document: Document, issuer: Issuer, shop_zone: tzinfo) -> list[str]:
    """Number, dates, order and who issues it, as they stand at the right; days are those of the addressee's place."""
    form, name = form_of(language_of(document)), document.body.get("zone")
    zone = ZoneInfo(name) if name else shop_zone

    def day(at: datetime) -> str:
        return at.astimezone(zone).strftime(form.date)

    found = [form.number.format(value=document.number), form.issued.format(value=day(document.issued_at))]
    if document.valid_until is not None:
        found.append(form.valid.format(value=day(document.valid_until)))
    if document.order_number:
        found.append(form.order.format(value=_clean(document.order_number)))
    if document.body["placed_at"]:
        found.append(form.traded.format(value=day(datetime.fromisoformat(document.body["placed_at"]))))
    found += [_clean(issuer.name), *filter(None, (_clean(issuer.address), _clean(issuer.phone)))]
    if issuer.invoice_number:
        found.append(form.registration.format(value=issuer.invoice_number))
    return found


def _head(canvas: Canvas, document: Document, form: Form, right: list[str]) -> float:
    top = A4[1]
    canvas.setFont(form.serif, 22)
    canvas.drawCentredString(A4[0] / 2, top - 32 * mm, getattr(form, document.kind))
    canvas.setFont(form.serif, 14)
    name = _clean(document.body["addressee"])
    canvas.drawString(_LEFT, top - 48 * mm, form.addressee.format(name=name))
    canvas.setFont(form.sans, 9)
    canvas.drawString(_LEFT, top - 56 * mm, getattr(form, f"{document.kind}_says"))
    y = top - 46 * mm
    for text in right:
        canvas.drawRightString(_RIGHT, y, text)
        y -= 5 * mm
    canvas.setFont(form.serif, 16)
    amount = _money(document, policy.total(document.items))
    canvas.drawString(_LEFT, top - 74 * mm, form.total.format(amount=amount))
    return min(y, top - 82 * mm) - 8 * mm


def _rows(canvas: Canvas, document: Document, form: Form, y: float) -> float:
    y = _titles(canvas, form, y)
    for place, item in enumerate(document.items):
        if place and place % _ROWS_PER_PAGE == 0:
            canvas.showPage()
            y = _titles(canvas, form, A4[1] - 30 * mm)
        label = f"{_clean(item.label)}{' ※' if item.rate == _lowest(document) else ''}"
        canvas.drawString(_LEFT, y, label if len(label) <= 34 else f"{label[:33]}…")
        canvas.drawRightString(_COLUMNS[0], y, str(item.quantity))
        canvas.drawRightString(_COLUMNS[1], y, _money(document, item.unit_price))
        canvas.drawRightString(_RIGHT, y, _money(document, item.amount))
        y -= 6 * mm
    if y < 60 * mm:
        canvas.showPage()
        y = A4[1] - 30 * mm
    return y


def _titles(canvas: Canvas, form: Form, y: float) -> float:
    canvas.setFont(form.sans, 9)
    canvas.drawString(_LEFT, y, form.item)
    named = ((_COLUMNS[0], form.quantity), (_COLUMNS[1], form.unit_price), (_RIGHT, form.amount))
    for right, text in named:
        canvas.drawRightString(right, y, text)
    canvas.line(_LEFT, y - 2 * mm, _RIGHT, y - 2 * mm)
    return y - 8 * mm


def _tax(canvas: Canvas, document: Document, form: Form, y: float) -> None:
    canvas.line(_LEFT, y, _RIGHT, y)
    canvas.setFont(form.sans, 9)
    for row in policy.tax_rows(document.items):
        y -= 6 * mm
        canvas.drawString(_LEFT, y, form.rate.format(rate=row.rate))
        gross, tax = _money(document, row.gross), _money(document, row.tax)
        canvas.drawRightString(_RIGHT, y, form.tax.format(gross=gross, tax=tax))
    if _lowest(document):
        canvas.drawString(_LEFT, y - 8 * mm, form.reduced)


def _lowest(document: Document) -> int:
    """The reduced rate, where the document has two."""
    rates = {item.rate for item in document.items}
    return min(rates) if len(rates) > 1 else 0


def _money(document: Document, minor: int) -> str:
    return Money(minor=minor, currency=document.body["currency"]).text(language_of(document))


def _clean(text: str) -> str:
    """What the standard fonts can draw: one line without control characters."""
    return "".join(character for character in text if character.isprintable())[:120]
