"""A mock that another process keeps: the same handles, over its control API."""
