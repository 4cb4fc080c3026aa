"""What our connector makes of a Medusa's answers; a real one is tried by `make test-shops`."""
