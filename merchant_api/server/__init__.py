"""What serves: the front, its workers, health, and everything as one process tree."""
