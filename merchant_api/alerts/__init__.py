"""Who is told what: people's devices and notifications, and the deliveries that an event becomes."""
