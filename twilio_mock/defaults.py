"""What a mock has when nobody says otherwise: an account that is nobody's, and a port."""

# Letters and digits only: twilio-go sends no other credentials.
DEFAULT_ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef"
DEFAULT_AUTH_TOKEN = "fedcba9876543210fedcba9876543210"  # noqa: S105

# Of the command line; in a test any free port is taken.
DEFAULT_PORT = 8010
