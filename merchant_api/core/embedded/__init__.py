"""The life of the embedded PostgreSQL: its programs, folder, server, and the process that owns it."""
