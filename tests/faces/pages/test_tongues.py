"""Help pages in the languages that the shop offers: switch, `lang`, `hreflang`, dates, and the browser's wish."""

from __future__ import annotations

import re

import pytest
