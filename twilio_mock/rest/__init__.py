"""How Twilio answers: authentication, operations, paging and representations."""
