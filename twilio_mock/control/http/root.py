"""Where the control API and its page stand."""

from __future__ import annotations

ROOT = "/_twilio_mock"


def is_control(path: str) -> bool:
    """Whether a path belongs to the control API or its page."""
    return path == ROOT or path.startswith(ROOT + "/")
