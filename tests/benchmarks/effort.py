"""How much of everything is measured: enough for medians that hold, little enough to wait for."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Effort:
    """Turns of each measurement. Rounds of load are `load_seconds` long, for the product and for the bare view."""

    number_turns: int = 150
    list_turns: int = 60
    long_list_turns: int = 15
    calls: int = 1_000
    cpu_pages: int = 200
    sign_ins: int = 8  # allauth lets 30 a minute through
    load_rounds: int = 3
    load_seconds: float = 5.0
    decoder_turns: int = 7
    memory_pages: int = 32
    embedded_turns: int = 9
    published_numbers: int = 100_000
    changes: int = 15  # with those among many no more than an account makes single ones (registry.publishing.pace)
    predictions: int = 400
    history: int = 1_000_000
    history_rounds: int = 11
    refreshed: int = 10_000
    mirrored: int = 1_000_000
    previewed: int = 10_000
    job_numbers: int = 1_000
    imported: int = 100_000
    exported: int = 1_000_000


FULL = Effort()
QUICK = Effort(
    number_turns=20,
    list_turns=6,
    long_list_turns=3,
    calls=100,
    cpu_pages=30,
    sign_ins=2,
    load_rounds=1,
    load_seconds=2.0,
    decoder_turns=3,
    memory_pages=12,
    embedded_turns=3,
    published_numbers=10_000,
    changes=5,
    predictions=100,
    history=50_000,
    history_rounds=5,
    refreshed=1_000,
    mirrored=50_000,
    previewed=1_000,
    job_numbers=200,
    imported=5_000,
    exported=40_000,
)
