"""Casework: mailed forms and enquiries, from scan to decision."""
