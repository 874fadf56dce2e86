"""Matplotlib figures as SVG to stand inside a page, in one style and always the same bytes: no date, ids
from a fixed salt, Matplotlib's own defaults whatever the reader has configured, and no pyplot, which keeps
its figures in a global."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from html import escape
from io import StringIO

import matplotlib.style
from matplotlib.figure import Figure

from eval.markup import Markup

_CONFIG = {
    "svg.hashsalt": "jianli",
    "svg.fonttype": "none",  # letters stay letters: small, and they can be found and read aloud
    "text.parse_math": False,  # a dollar sign in a name is no formula
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 11,
    "legend.fontsize": 9,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
# What would say when and with what it was made.
_UNSAID = {"Date": None, "Creator": None, "Format": None, "Type": None}


def styled() -> AbstractContextManager[None]:
    """Inside it figures are to be made and written."""
    return matplotlib.style.context(["default", _CONFIG])


def inline(figure: Figure, name: str, label: str) -> Markup:
    """The drawing without its file's head. ``name`` tells its ids apart from those of the page's other
    drawings; ``label`` is for readers who do not see it."""
    out = StringIO()
    figure.savefig(out, format="svg", metadata=_UNSAID)
    drawn = out.getvalue()
    drawn = re.sub(r'(\sid="|href="#|url\(#)', rf"\g<1>{name}-", drawn[drawn.index("<svg") :])
    return Markup(drawn.replace("<svg", f'<svg role="img" aria-label="{escape(label)}"', 1))
