"""Signing in: ID-porten for citizens, another issuer for staff; sessions and their limits; signing out.

The protocol is in `oidc/`, hung into django-allauth by `provider.py`. What a sign-in leads to is in
`operations.py`. Everything above this app sees only `request.acting`, `request.staff` and `access.py`.
"""
