"""What `orderbell` can be told."""
