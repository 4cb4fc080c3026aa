"""The web stack: from what others can buy to what each shop is told, and what came of it."""
