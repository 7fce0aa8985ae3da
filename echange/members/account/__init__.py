"""An account from its first day to its last: joining, ways in, address, pause, recovery, leaving, roles."""
