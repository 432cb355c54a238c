"""What the tests of accounts share: a parent with two subaccounts, asked through both doors."""

from __future__ import annotations

import pytest

from tests.accounts.families import Family, family_of
from tests.asking import Ask


@pytest.fixture
def family(ask: Ask) -> Family:
    """A parent with two subaccounts, all active and empty."""
    return family_of(ask)
