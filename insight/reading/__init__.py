"""Reading files that come from outside: what they are, and safely what they hold. Pure, no database."""
