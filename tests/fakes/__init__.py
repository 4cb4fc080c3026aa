"""Stand-ins that we own: real servers on loopback in place of services that the suite cannot reach."""
