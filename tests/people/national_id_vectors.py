"""A number of the validator's published vectors that is not synthetic, for tests that see it refused."""

NOT_SYNTHETIC = "13097248022"
