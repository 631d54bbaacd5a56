"""What the portal costs, as ratios measured in one run (`make bench`).

Every row compares two things measured turn by turn on the same machine, under the production web
server and on embedded servers of its own, so that a slow machine slows both.
"""
