"""From an event to who is told of it."""
