"""What a visitor downloads; the figures are at the end of the test output."""

from __future__ import annotations

from playwright.sync_api import Page, Request

from tests.browser.steps import HELP, ask, open_embed

KIB = 1024
MOST_LAUNCHER, MOST_CHAT = 4 * KIB, 16 * KIB
STAND_IN = ("/embed-demo/", "/static/demo.")  # the host page, not ours
MARKS = """() => new Promise((resolve) => new PerformanceObserver((list) => {
  const [page] = performance.getEntriesByType("navigation");
  const painted = performance.getEntriesByName("first-contentful-paint")[0];
  resolve({
    "first contentful paint": painted?.startTime,
    "largest contentful paint": list.getEntries().at(-1).startTime,
    "can be used": page.domContentLoadedEventEnd,
    "loaded": page.loadEventEnd,
  });
}).observe({ type: "largest-contentful-paint", buffered: true }))"""


def downloads(page: Page) -> list[Request]:
    """The requests of a page as they come in, without those of the host page."""
    found: list[Request] = []

    def note(request: Request) -> None:
        if not any(part in request.url for part in STAND_IN):
            found.append(request)

    page.on("requestfinished", note)
    return found


def size(requests: list[Request]) -> int:
    """Their bodies as sent, compressed, in bytes."""
    return sum(request.sizes()["responseBodySize"] for request in requests)


def line(name: str, requests: list[Request], most: int | None = None) -> str:
    limit = f" of at most {most / KIB:.0f}" if most else ""
    return f"{name}: {size(requests) / KIB:.1f} KiB{limit}, {len(requests)} requests"


def test_the_embed_is_light(new_page, server, report):
    page = new_page()
    loaded = downloads(page)
    page.goto(f"{server.address}/embed-demo/kent")
    page.wait_for_load_state("networkidle")
    launcher = list(loaded)
    report(line("embed, before a press", launcher, MOST_LAUNCHER))
    frame = open_embed(page)
    page.wait_for_load_state("networkidle")
    report(line("embed, all that is needed to chat", loaded, MOST_CHAT))
    before = len(loaded)
    ask(frame, HELP)
    report(line("embed, one answer more", loaded[before:]))

    assert [request.url for request in launcher] == [f"{server.address}/embed.js"]
    assert size(launcher) <= MOST_LAUNCHER
    assert size(loaded[:before]) <= MOST_CHAT
    for request in loaded[:before]:
        encoding = request.response().headers.get("content-encoding")
        assert encoding == "gzip" or size([request]) < 1_000, request.url


def test_the_campaign_page_is_light(new_page, server, report):
    page = new_page()
    loaded = downloads(page)
    page.goto(server.address)
    page.wait_for_load_state("networkidle")
    marks = page.evaluate(MARKS)
    report(line("campaign page", loaded, MOST_CHAT))
    times = (f"{name} {time:.0f} ms" for name, time in marks.items() if time)
    report(f"campaign page, on this machine: {', '.join(times)}")

    assert size(loaded) <= MOST_CHAT
