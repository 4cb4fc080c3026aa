"""What is said of figures: kept as a code with figures, put into the reader's language when it is read."""
