"""What we measure, and the ceiling we measure against: `python -m bench`, or one part of it by name."""
