"""The command line: what `twilio-mock` and `python -m twilio_mock` do."""
