"""What channels sold: taken into our stock once, parked where something is wrong, and followed to the end."""
