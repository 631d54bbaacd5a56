"""Backup and restore of everything that cannot be made anew: the database and the key ring.

`sealing`   files that only the holder of the backup's private key can read
`programs`  PostgreSQL's own pg_dump and psql, of a version that fits the server
`manifest`  what a backup says of itself, and the checks that find a wrong or changed one
`make`      `manage.py backup`; `restore` is `manage.py restore`
"""
