"""Something real to look at on the first day."""

from dashboard.registry import store
from dashboard.registry.models import Account, Number

# Country, area, local number, and records (preference, service, host data). The numbers are reserved for fiction:
# 555-0100 to -0199 (NANPA), 020 7946 0000 to 0999 (Ofcom), 0491 570 156 (ACMA). The names are of RFC 2606.
SAMPLES = (
    (
        ("1", "604", "5550123"),
        (
            (10, "SIP", "alice@example.org"),
            (20, "IAX2", "pbx.example.org/5550123"),
            (30, "MAILTO", "alice@example.org"),
        ),
    ),
    (("44", "20", "79460958"), ((10, "SIP", "reception@example.net"),)),
    (("61", "491", "570156"), ((10, "XMPP", "bob@example.net"),)),
)


def make_sample_account(username: str, password: str) -> Account:
    """Make an account with three numbers and five records, and return it. They are never published.

    To be called again: an account of that name gets the password, and a number that exists keeps its owner and
    its records. Raises LocalProtocolError if the password is not text.
    """
    account = Account.objects.filter(username=username).first() or Account(username=username)
    account.set_password(password)
    account.save()
    for (country, area, local), records in SAMPLES:
        if Number.objects.filter(digits=country + area + local).exists():
            continue
        number = Number(account=account, country=country, area=area, local=local, is_sample=True)
        store.save_number(number)
        for preference, service, hostdata in records:
            store.create_record(number, preference=preference, service=service, hostdata=hostdata)
    return account
