"""Pages about who may act for oneself: powers of attorney given and ended, and people closed out."""
