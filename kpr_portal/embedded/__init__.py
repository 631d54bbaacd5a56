"""What the portal starts by itself, so that it runs with one command on a machine that has nothing of it.

`places`     where everything lies (DATA_DIR)
`keys`       passwords and keys of the embedded default; refused in production
`postgres`   the PostgreSQL server (`binaries`: its programs), `valkey` the queue and cache
`servers`    starts the two, or attaches to running ones, and stops them when the last user leaves
`idporten`   the local ID-porten and the staff's provider
`demo`       all of it together with the portal's own processes, which is what `make run` does
             (`claims`, `prepare` and `supervise` are its parts)
"""
