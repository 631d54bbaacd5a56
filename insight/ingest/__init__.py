"""Taking files into the register: whom the lines are about, the copy into the table, what then counts."""
