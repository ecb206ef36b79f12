"""Sign-in by OpenID Connect: allauth's provider, held to what this project promises.

`configuration` reads the providers from the environment, `endpoints` speaks to one and judges what it answers,
`adapter` makes accounts and decides who is let in, `following` lets teams follow the provider's groups, and
`views` are the pages.
"""
