"""The account that a mock has when nobody names one: fixed, documented, and nobody's."""

# Letters and digits only: twilio-go sends no other credentials.
DEFAULT_ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef"
DEFAULT_AUTH_TOKEN = "fedcba9876543210fedcba9876543210"  # noqa: S105
