"""How people come in: what allauth and Django ask this project to decide, and the pages that follow.

`adapter` and `forms` are for passwords and mail, `factors` and `factor_forms` for second factors and passkeys,
`sessions` for where one is signed in, `oidc` for providers, `remote_user` for proxies, and `link` for the way in from
the shell. `urls` has the addresses.
"""
