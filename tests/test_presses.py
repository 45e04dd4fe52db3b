"""Only a few presses from one conversation and one address are counted."""

from __future__ import annotations

from bot.chat.presses import MOST_A_DAY, MOST_KEPT, MOST_OF_A_KIND, Presses

HERE = "192.0.2.1"


class Clock:
    """Says what a test wants to hear."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


async def passed(presses: Presses, token: str, event: str, times: int) -> int:
    return sum([await presses.allow(token, event, HERE) for _ in range(times)])


async def test_a_conversation_counts_few_presses_of_each_kind():
    presses = Presses()

    assert await passed(presses, "a", "call", 50) == MOST_OF_A_KIND
    assert await passed(presses, "a", "wrong", 50) == MOST_OF_A_KIND
    assert await passed(presses, "b", "call", 50) == MOST_OF_A_KIND


async def test_an_address_counts_few_presses_however_many_tokens_it_has():
    presses = Presses()
    made = [await presses.allow(f"{n}", "call", HERE) for n in range(3 * MOST_A_DAY)]

    assert sum(made) == MOST_A_DAY
    assert await presses.allow("a", "call", "198.51.100.7")


async def test_what_was_pressed_is_forgotten_after_ten_minutes_and_an_address_at_last():
    clock = Clock()
    presses = Presses(clock=clock)
    assert await passed(presses, "a", "call", 5) == MOST_OF_A_KIND
    clock.now += 600
    assert await passed(presses, "a", "call", 5) == MOST_OF_A_KIND

    for number in range(MOST_A_DAY):
        await presses.allow(f"{number}", "call", HERE)
    assert not await presses.allow("b", "call", HERE)
    clock.now += 24 * 60 * 60
    assert await presses.allow("b", "call", HERE)


async def test_a_clock_that_is_set_back_stops_no_count():
    clock = Clock()
    presses = Presses(clock=clock)
    await passed(presses, "a", "call", 5)
    clock.now -= 3_600

    assert await presses.allow("a", "call", HERE)


async def test_no_number_of_conversations_fills_the_memory():
    presses = Presses()
    for number in range(MOST_KEPT + 10):
        await presses.allow(f"{number}", "call", HERE)

    assert len(presses._made) < MOST_KEPT
