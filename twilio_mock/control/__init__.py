"""What the test says: it seeds the mock and reads what is stored."""
