"""What every app stands on: the clock, the key ring, append-only tables, locks. No screen."""
