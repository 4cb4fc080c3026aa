"""Web shops: the kit that every kind must pass, and what each kind has beside it."""
