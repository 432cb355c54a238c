"""What Twilio sends: the requests to an Application's URLs, and what is made of the replies."""
