"""The kit that every kind of shop must pass: the same promises, on its stand-in or on the real platform."""
