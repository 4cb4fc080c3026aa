"""What job processes do with web shops."""
