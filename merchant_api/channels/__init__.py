"""Web shops whose levels are kept in step and whose orders are imported (DESIGN.md 8)."""
