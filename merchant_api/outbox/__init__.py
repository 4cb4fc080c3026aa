"""What happened and who must hear of it: events and deliveries as rows, claimed under leases."""
