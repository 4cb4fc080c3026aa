"""Orders: routed, placed, answered, paid, picked up, delivered, cancelled."""
