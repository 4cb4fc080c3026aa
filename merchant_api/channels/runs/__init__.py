"""Push, pull and first import of a channel, and what is looked at again and again."""
