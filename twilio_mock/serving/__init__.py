"""Where it runs: sockets, event loops and threads around the one door."""
