"""Which zone holds a number: zones whose apex is below the suffix or above it, several of them, and delegations."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from dashboard.enum import domain_name
from dashboard.registry import store, zones
from dashboard.registry.layout import Layout, why_not_published
from dashboard.registry.models import Account, Delegation, NameServer, Number, Zone
from dashboard.registry.neighbours import effect_sentences
from dashboard.registry.publishing import queue
from dashboard.registry.publishing.content import contents_of, every_content
from tests.registry.conftest import make_number
from tests.registry.publishing import KEY, SUFFIX, bulk, make_server, make_zone, waiting

APEX = f"4.2.4.0.{SUFFIX}"  # numbers that begin with +0424


def add_zone(apex: str, **values: object) -> Zone:
    """A further zone of the registry."""
    zone = Zone(suffix=SUFFIX, apex=apex, leading_zero=True)
    for name, value in values.items():
        setattr(zone, name, value)
    zone.full_clean()
    zones.save_zone(zone)
    return zone


def delegate(digits: str, hosts: str = "ns.example.net", ds: str = "") -> Delegation:
    """Give the numbers that begin so to somebody else."""
    delegation = Delegation(digits=digits, hosts=hosts, ds=ds)
    delegation.full_clean()
    zones.refuse_lost_delegation(delegation)
    zones.save_delegation(delegation)
    return delegation


def number(account: Account, digits: str, *, is_block: bool = False) -> Number:
    """A number with a record."""
    made = make_number(account, digits[:1], "", digits[1:])
    made.is_block = is_block
    store.save_number(made)
    store.create_record(made, preference=1, service="SIP", hostdata=f"{digits}@example.org")
    return made


def names_of(zone: Zone) -> list[str]:
    return [content.name for content in every_content(zone)]


# --- one zone ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("apex", "prefix"),
    [
        ("", ""),
        (SUFFIX, ""),
        (f"0.0.0.0.4.2.4.0.{SUFFIX}.", "04240000"),
        (f"4.2.{SUFFIX}".upper(), "24"),
        ("test", ""),  # the numbers have no zone of their own
    ],
)
def test_an_apex_is_the_suffix_or_below_it_or_above_it(db: None, apex: str, prefix: str) -> None:
    zone = Zone(suffix=SUFFIX, apex=apex, leading_zero=True)
    zone.full_clean()
    assert zone.prefix == prefix
    assert zone.origin == (apex.lower().rstrip(".") or SUFFIX)


@pytest.mark.parametrize(
    ("apex", "field", "words"),
    [
        ("other.test", "apex", "neither below"),
        (f"a.{SUFFIX}", "apex", "each label must be one digit"),
        (f"42.{SUFFIX}", "apex", "each label must be one digit"),
        (f"*.{SUFFIX}", "apex", "not a domain name"),
        ("a b", "apex", "not a domain name"),
        (f"x{SUFFIX}", "apex", "neither below"),
        (".".join("1" * 16) + f".{SUFFIX}", "apex", "more than 15 digits"),
        (f"1.0.{SUFFIX}", "leading_zero", "begin with 0"),
    ],
)
def test_an_apex_that_no_number_could_be_below_is_refused_at_its_field(
    db: None, apex: str, field: str, words: str
) -> None:
    with pytest.raises(ValidationError, match=words) as refusal:
        Zone(suffix=SUFFIX, apex=apex).full_clean()
    assert set(refusal.value.message_dict) == {field}


def test_only_numbers_below_the_apex_are_sent_and_the_others_are_named(alice: Account) -> None:
    make_server()
    make_zone(apex=APEX, leading_zero=True)
    inside, outside = number(alice, "04241"), number(alice, "16045550123")
    assert waiting() == {inside.name}
    assert names_of(Zone.current()) == [inside.name]
    assert why_not_published(inside) == ""
    assert APEX in why_not_published(outside)
    assert zones.unpublished(10) == ([f"+1 6045550123: {why_not_published(outside)}"], 1)


def test_a_number_at_the_apex_is_in_the_zone(alice: Account) -> None:
    zone = make_zone(apex=APEX, leading_zero=True)
    top = number(alice, "0424")
    assert contents_of(["0424"], zone)["0424"].owner(zone) == APEX
    assert names_of(zone) == [top.name]


def test_another_apex_has_everything_sent_anew_that_is_below_it(alice: Account) -> None:
    server = make_server()
    make_zone(leading_zero=True)
    one, two = number(alice, "04241"), number(alice, "0999")
    queue.confirm(queue.take(server.pk, 10))
    make_zone(apex=APEX)
    assert waiting() == {one.name}
    make_zone(apex="")
    assert waiting() == {one.name, two.name}


def test_an_empty_apex_goes_with_the_suffix(db: None) -> None:
    zone = make_zone(suffix="tel.dn42", apex="tel.dn42")
    zone.full_clean()
    zones.save_zone(zone)
    assert make_zone(suffix="other.dn42").origin == "other.dn42"


def test_the_first_start_makes_the_zone_at_its_apex_with_the_rules_that_it_needs(db: None) -> None:
    zones.prepare("tel.dn42", "0.0.0.0.4.2.4.0.tel.dn42", [], "")
    zone = Zone.current()
    assert (zone.suffix, zone.origin, zone.leading_zero) == ("tel.dn42", "0.0.0.0.4.2.4.0.tel.dn42", True)


# --- several ----------------------------------------------------------------------------------------------------
def test_of_several_zones_the_longest_match_has_a_number(alice: Account) -> None:
    upper, lower = make_zone(leading_zero=True), add_zone(APEX)
    servers = [make_server(), NameServer(zone=lower, address="127.0.0.1:1")]
    zones.save_name_server(servers[1], KEY)
    up, low, block = number(alice, "1604"), number(alice, "04241"), number(alice, "04", is_block=True)
    assert names_of(upper) == [block.name, up.name]
    assert names_of(lower) == [low.name]
    sent = {server.zone.origin: {row.name for row in server.publications.all()} for server in servers}
    assert sent == {SUFFIX: {block.digits, block.name, up.name}, APEX: {low.name}}
    assert contents_of([low.name], upper)[low.name].naptrs == ()


def test_a_zone_that_comes_takes_its_numbers_along_and_one_that_goes_gives_them_back(alice: Account) -> None:
    server = make_server()
    make_zone(leading_zero=True)
    one, two = number(alice, "04241"), number(alice, "1604")
    queue.confirm(queue.take(server.pk, 10))
    zone = add_zone(APEX)
    assert waiting() == {one.name}  # to be taken away: another zone answers
    queue.confirm(queue.take(server.pk, 10))
    zones.delete_zone(zone)
    assert waiting() == {one.name}
    assert names_of(server.zone) == [one.name, two.name]


def test_another_suffix_is_that_of_all_zones(db: None) -> None:
    first = make_zone()
    add_zone(APEX)
    first.suffix = "tel.dn42"
    zones.refuse_contradiction(first)
    zones.save_zone(first)
    assert {zone.origin for zone in Zone.objects.all()} == {"tel.dn42", "4.2.4.0.tel.dn42"}


def test_two_zones_cannot_have_one_apex(db: None) -> None:
    zone = make_zone(apex=APEX, leading_zero=True)
    add_zone("")
    zone.apex = ""
    with pytest.raises(ValidationError, match="already"):
        zone.full_clean()
    with pytest.raises(ValidationError, match="same suffix"):
        zones.refuse_contradiction(Zone(suffix="tel.dn42"))


def test_each_number_obeys_the_rules_of_its_own_zone(alice: Account) -> None:
    make_zone(max_digits=5)
    add_zone(APEX, max_digits=8)
    Number(account=alice, country="0424", local="1234").full_clean(exclude=["digits"])
    with pytest.raises(ValidationError, match="begins with 0"):
        Number(account=alice, country="09", local="1").full_clean(exclude=["digits"])
    with pytest.raises(ValidationError, match="at most 5"):
        Number(account=alice, country="1", local="60455").full_clean(exclude=["digits"])


# --- delegations ------------------------------------------------------------------------------------------------
def test_numbers_at_or_below_a_delegation_are_taken_away_and_named(alice: Account) -> None:
    server = make_server()
    number(alice, "49")
    at, below, block = number(alice, "4930"), number(alice, "49301"), number(alice, "493", is_block=True)
    queue.confirm(queue.take(server.pk, 10))
    delegation = delegate("4930", "ns.example.net\nns.other.example")
    assert waiting() == {at.name, below.name}
    contents = contents_of([at.name, below.name, block.name], server.zone)
    assert set(contents[at.name].rdatas()) == {"NS"}
    assert contents[below.name].rdatas() == {}
    assert contents[block.name].naptrs
    for gone in (at, below):
        assert "delegated to ns.example.net, ns.other.example" in why_not_published(gone)
    queue.confirm(queue.take(server.pk, 10))

    zones.delete_delegation(delegation)
    assert waiting() == {at.name, below.name}
    assert contents_of([at.name], server.zone)[at.name].naptrs


def test_a_delegation_has_ns_and_ds_records_and_the_addresses_of_servers_inside_the_zone(db: None) -> None:
    zone = make_zone()
    digest = "AB" * 32
    delegate("4930", f"ns1.0.3.9.4.{SUFFIX} 192.0.2.1 2001:db8::1\nns.example.net", f"12345 13 2 {digest}\n")
    contents = {content.name: content for content in every_content(zone)}
    texts = {name: {k: [r.to_text() for r in v] for k, v in c.rdatas().items()} for name, c in contents.items()}
    assert texts == {
        "4930": {"NS": ["ns.example.net.", f"ns1.0.3.9.4.{SUFFIX}."], "DS": [f"12345 13 2 {digest.lower()}"]},
        f"ns1.0.3.9.4.{SUFFIX}": {"A": ["192.0.2.1"], "AAAA": ["2001:db8::1"]},
    }


def test_a_tree_with_thousands_of_delegations_is_published_in_a_constant_number_of_queries(
    alice: Account, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    server = make_server()
    bulk(alice, 300)
    made = [Delegation(digits=f"49{place:04d}", hosts="ns.example.net") for place in range(3_000)]
    Delegation.objects.bulk_create(made)
    Delegation.objects.create(digits="16040000007", hosts="ns.example.net")
    with django_assert_max_num_queries(20):
        queue.start_over(server.pk)
    assert len(waiting()) == 300 - 1 + 3_001
    with django_assert_max_num_queries(5):
        contents = contents_of(["16040000007", "16040000008", "490003"], server.zone)
    assert [sorted(content.rdatas()) for content in contents.values()] == [["NS"], ["NAPTR"], ["NS"]]


def test_two_delegations_may_share_a_server(db: None) -> None:
    make_zone()
    delegate("49", f"ns.9.4.{SUFFIX} 192.0.2.1")
    delegate("50", f"ns.9.4.{SUFFIX} 192.0.2.2")
    contents = {content.name: content for content in every_content(make_zone())}
    assert len(contents[f"ns.9.4.{SUFFIX}"].rdatas()["A"]) == 2


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"digits": "49a"}, "digits", "LATIN SMALL LETTER A cannot be part"),
        ({"digits": ""}, "digits", "(?i)number"),
        ({"hosts": ""}, "hosts", "blank"),
        ({"hosts": "not_a_host"}, "hosts", "no host name"),
        ({"hosts": f"ns.9.4.{SUFFIX}"}, "hosts", "without its address"),
        ({"hosts": "ns.example.net 192.0.2.1"}, "hosts", "is not inside the zone"),
        ({"ds": "12345 13 2"}, "ds", "no DS record"),
        ({"ds": "12345 13 2 " + "AB" * 20}, "ds", "no DS record"),
        ({"ds": "12345 13 2 " + "AB" * 32 + "\n; rm -rf"}, "ds", "no DS record"),
    ],
)
def test_a_delegation_that_would_not_work_is_refused_at_its_field(
    db: None, values: dict[str, str], field: str, words: str
) -> None:
    make_zone()
    with pytest.raises(ValidationError, match=words) as refusal:
        delegate(**({"digits": "49"} | values))
    assert set(refusal.value.message_dict) == {field}


def test_a_delegation_out_of_no_zone_is_refused(db: None) -> None:
    make_zone(apex=APEX, leading_zero=True)
    for digits in ("49", "0424"):
        with pytest.raises(ValidationError, match="No zone of this registry is above"):
            delegate(digits)


def test_a_zone_of_ours_below_a_delegation_is_ours(alice: Account) -> None:
    make_zone(leading_zero=True)
    delegate("0424", "ns.example.net")
    zone = add_zone(APEX)
    ours = number(alice, "04241")
    assert Layout.current().zone_of(ours.name) == zone
    # So the zone above names our own servers, as any others.
    above = Zone.objects.get(apex="")
    assert contents_of(["0424", ours.name], above)["0424"].rdatas().keys() == {"NS"}
    assert names_of(zone) == [ours.name]


def test_facts_say_where_each_number_is(alice: Account) -> None:
    make_server()
    make_zone(leading_zero=True, apex="4.test" if SUFFIX.endswith(".4.test") else "")
    delegate("49", "ns.example.net")
    Number.objects.filter(pk=number(alice, "1604").pk).update(is_sample=True)
    here, there, sample = zones.facts(["1605", "4930*", "1604"])
    assert (here.origin, here.is_ours, here.problem, here.keys) == (SUFFIX, True, "", {here.servers[0]: KEY})
    assert (there.origin, there.is_ours, there.servers) == (f"9.4.{SUFFIX}", False, ())
    assert "ns.example.net" in there.problem
    assert "sample" in sample.problem
    assert [here.holds(digits) for digits in ("1605", "49", "4930")] == [True, False, False]


def test_a_block_does_not_reach_into_another_zone(alice: Account) -> None:
    make_zone()
    block = number(alice, "493", is_block=True)
    inside = number(alice, "4930")
    assert "+4930: others exist there" in " ".join(effect_sentences(block, comes=True))
    assert "not those of the block +493*" in " ".join(effect_sentences(inside, comes=True))
    delegate("4930")
    delegate("4935")
    assert "+4930, +4935: others exist there" in " ".join(effect_sentences(block, comes=True))
    assert effect_sentences(inside, comes=True) == []


DIGITS = st.text("01", min_size=1, max_size=5)


@given(st.sets(DIGITS, max_size=4), st.sets(DIGITS, max_size=4), st.lists(DIGITS, min_size=1, max_size=8))
def test_a_number_is_where_a_walk_down_the_dns_would_end(
    apexes: set[str], delegated: set[str], numbers: list[str]
) -> None:
    made = [Zone(pk=1, suffix=SUFFIX)]
    made += [Zone(pk=place, suffix=SUFFIX, apex=domain_name(one, SUFFIX)) for place, one in enumerate(apexes, 2)]
    cuts = [Delegation(digits=one, hosts="ns.example.net") for one in delegated]
    layout = Layout(
        tuple(sorted(made, key=lambda zone: -len(zone.prefix))), tuple(sorted(cuts, key=lambda c: -len(c.digits)))
    )
    for digits in numbers:
        here: object = made[0]
        for count in range(1, len(digits) + 1):
            way = digits[:count]
            here = next((cut for cut in cuts if cut.digits == way), here)
            here = next((zone for zone in made if zone.apex and zone.prefix == way), here)
        assert layout.place_of(digits) is here
        zone = layout.zone_of(digits)
        for other in made:
            held = digits.startswith(other.prefix) and not digits.startswith(tuple(layout.cuts_of(other)))
            assert held == (other is zone)
