"""Releases: what left KPR, for whom, and who was in it. The gate comes to stand here.

Who was in a release is kept as compressed sets of dense person ids, one row for each release and
chunk of 65,536 ids (docs/architecture.md, decision 9). The sets leave the database in one form
only: as the answer to one person about herself.
"""
