"""What a mock has when nobody says otherwise: an account that is nobody's, and a place."""

# Letters and digits only: twilio-go sends no other credentials.
DEFAULT_ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef"
DEFAULT_AUTH_TOKEN = "fedcba9876543210fedcba9876543210"  # noqa: S105

# Of the command line; in a test any free port is taken.
DEFAULT_PORT = 8010

# Whoever listens on every address is best asked on loopback.
ASKED_AT = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (not bound here)
