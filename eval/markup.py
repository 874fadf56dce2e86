"""HTML that is built of elements: every text in it is escaped, for nobody has to remember to."""

from __future__ import annotations

from html import escape


class Markup(str):
    """Text that is HTML already. Whatever is made of it by formatting or adding is plain text again,
    and would be escaped."""

    __slots__ = ()


def element(name: str, *children: str, **attributes: str) -> Markup:
    """``<name attributes>children</name>``; children are escaped unless they are Markup. A Python keyword
    is spelt with an underscore: ``class_``."""
    told = "".join(f' {key.rstrip("_")}="{escape(value)}"' for key, value in attributes.items())
    return Markup(f"<{name}{told}>{joined(*children)}</{name}>")


def joined(*children: str) -> Markup:
    return Markup("".join(child if isinstance(child, Markup) else escape(child) for child in children))
