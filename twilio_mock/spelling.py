"""Which word was meant by one that is not known."""

from __future__ import annotations

from collections.abc import Collection, Iterable

LONGEST = 80  # characters that are compared: the cost grows with their square


def near(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word that was probably meant, whatever its case; `cutoff` is how alike they are."""
    # Slow to import, and only needed when something is wrong.
    from difflib import get_close_matches

    words = {each.lower(): each for each in known}
    found = get_close_matches(word[:LONGEST].lower(), words, n=1, cutoff=cutoff)
    return words[found[0]] if found else None


def meant(word: str, known: Collection[str], cutoff: float = 0.6) -> str:
    """The end of a message about a word that is not known: the one that was meant, or all."""
    found = near(word, known, cutoff)
    return f"did you mean {found}?" if found else f"there are: {', '.join(sorted(known))}"


def perhaps(word: str, known: Iterable[str]) -> str:
    """The question whether one of the known words was meant; nothing if none is near."""
    found = near(word, known)
    return f"; did you mean {found}?" if found else ""


def not_known(name: str, known: Collection[str]) -> str:
    """What is said of a name that means nothing, with all that do."""
    asked = perhaps(name, known)
    return f"is not known{asked or ';'} known are: {', '.join(known) or 'nothing'}"
