"""Making an account as new: nothing stored, noted or set, and its own clock running."""

from __future__ import annotations

from twilio_mock.state import Account
from twilio_mock.state.clock import Clock


def reset(account: Account) -> None:
    """Forget all records of an account and of its subaccounts, which are freed.

    The account itself stays as it is stored: its SID, its tokens, its name and status.
    """
    state = account.state
    with state.lock:
        record = account.record
        for sid in list(account.table(state.account_resource).records) if not account.owner else []:
            if sid != account.sid:
                state.free_account(state.accounts[sid])
        for key in account.table(state.credentials).records:
            del state.opened_by[key]
        account.tables.clear()
        if account.owner is None:
            values = record.values
            account.table(state.account_resource).add(
                account.sid, record.position.date_created, values
            )
        account.sids.minted = 0
        account.request_ids.minted = 0
        account.journal.clear()
        account.crashes = ()
        account.escapes = ()
        account.webhooks_in_use = None
        account.clock = Clock()
        if account.faults is not None:
            account.faults.release(give_up=True)
            account.faults = None
