"""From a delivery to its receiver."""
