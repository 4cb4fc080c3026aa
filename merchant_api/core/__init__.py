"""The ground floor: settings, database, clock, errors, HTTP. It knows no feature."""
