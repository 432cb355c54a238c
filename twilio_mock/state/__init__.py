"""What is remembered: the accounts, each with its records, journal, clock and SIDs."""

from twilio_mock.state.accounts import Account, State

__all__ = ["Account", "State"]
