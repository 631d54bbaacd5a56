"""The OpenID Connect client, as ID-porten wants it (docs.digdir.no, "ID-porten"; OpenID Connect Core 1.0).

`realms` says whom we trust, `calls` speaks HTTP, `metadata` knows the provider's addresses and keys,
`client` pushes the request (RFC 9126) and redeems the code, both signed with our own key (RFC 7523), and
`tokens` decides whether an ID token may be believed.
"""
