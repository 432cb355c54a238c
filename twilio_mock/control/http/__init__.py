"""The control API: what a test in any language says to the mock, as JSON over HTTP."""
