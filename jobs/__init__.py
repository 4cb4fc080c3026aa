"""The clock: everything that happens because time passes. The only package that joins the domain with the senders."""
