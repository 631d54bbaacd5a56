"""The pages of /innsyn/: one module for each part."""
