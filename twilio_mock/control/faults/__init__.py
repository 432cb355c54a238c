"""Faults: what a test has go wrong with the requests of an account."""
