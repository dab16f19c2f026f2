"""The board as guests hear it: Chromium plays, and what it played to the end is written down."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from app.domain.orders import Status
from app.web.board_words import LANGUAGES
from tests.browser.conftest import CHROMIUM, FLAGS, Complaints, OpenPage
from tests.browser.test_board_live import OLD_ENGINE
from tests.browser.wall import set_board
from tests.venue_server import VenueServer

# Every sound that was played aloud to its end, the silence that only asks for leave left out.
EARS = """
window.heard = [];
window.lengths = {};
document.addEventListener('ended', event => {
  const audio = event.target;
  const name = audio.currentSrc.replace(/.*\\/(sounds|call)\\//, '').replace(/build=\\w+&?/, '')
    .replace(/\\?$/, '');
  window.lengths[name] = audio.currentTime;
  if (!audio.muted && name !== 'silence.wav') heard.push(name);
  document.documentElement.setAttribute('data-heard', heard.join(' '));
}, true);
"""
HURRY = """() => {
  Readyboard.times.gather = 100;
  Readyboard.sound.times.gap = 0;
  document.querySelector('audio').defaultPlaybackRate = 8;
}"""
LOOK = """said => {
  const sign = document.querySelector('#sound'), found = {over: [], outside: [], cut: []};
  const others = [...document.querySelectorAll('.tile, .head, .more, .clock, .title')]
    .filter(e => getComputedStyle(e).visibility === 'visible' && e.getClientRects().length);
  for (const text of said) {
    sign.textContent = text;
    const box = sign.getBoundingClientRect();
    for (const other of others) {
      const it = other.getBoundingClientRect();
      if (it.left < box.right - 1 && box.left < it.right - 1 &&
          it.top < box.bottom - 1 && box.top < it.bottom - 1) found.over.push(other.className);
    }
    if (box.left < 0 || box.top < 0 || box.right > innerWidth) found.outside.push(text);
    if (sign.scrollWidth > sign.clientWidth) found.cut.push(text);
  }
  return {...found, letters: parseFloat(getComputedStyle(sign).fontSize)};
}"""
SCREENS = [(1920, 1080), (1280, 720), (1080, 1920), (390, 844)]


async def wait_for(page: Page, script: str) -> None:
    """Until the expression is true. Raises TimeoutError."""
    try:
        async with asyncio.timeout(15):
            while not await page.evaluate(script):
                await page.evaluate("() => new Promise(requestAnimationFrame)")
    except TimeoutError:
        seen = await page.evaluate("[heard, Readyboard.sound.state]")
        raise TimeoutError(f"{script}: {seen}") from None


async def wait_for_state(page: Page, state: str) -> None:
    await wait_for(page, f"Readyboard.sound.state === '{state}' && document.readyState[0] === 'c'")


async def wait_heard(page: Page, *names: str) -> None:
    """Until exactly these calls have been heard, one after the other, chimes left out."""
    await wait_for(page, f"heard.filter(n => n !== 'chime.wav').length >= {len(names)}")
    assert await heard(page) == list(names)


async def heard(page: Page) -> list[str]:
    names: list[str] = await page.evaluate("heard.filter(name => name !== 'chime.wav')")
    return names


async def listen(page: Page, server: VenueServer, **settings: Any) -> None:
    """An open board with sound, where nobody has pressed a key yet."""
    await set_board(server, **{"sound": "speech"} | settings)
    await page.add_init_script(EARS)
    await page.goto(f"{server.url}/b/main")


async def change(page: Page, server: VenueServer, **settings: Any) -> None:
    """Other settings: the page fetches itself anew."""
    async with page.expect_event("load", timeout=15_000):
        await set_board(server, **settings)


async def press(page: Page, state: str = "on") -> None:
    await wait_for_state(page, "locked")
    await expect(page.locator("#sound")).to_be_visible()
    await page.keyboard.press("Enter")
    await wait_for_state(page, state)


@pytest_asyncio.fixture(loop_scope="session")
async def kiosk(browser: Browser) -> AsyncIterator[Page]:
    """A page of a browser that lets pages play without a key press, as the guide for walls says."""
    flags = [*FLAGS, "--autoplay-policy=no-user-gesture-required"]
    running = await browser.browser_type.launch(executable_path=CHROMIUM, args=flags)
    yield await running.new_page()
    await running.close()


async def test_acceptance_item_9_chime_and_speech_play_after_one_key_press(
    page: Page, server: VenueServer
) -> None:
    """Acceptance item 9 of the display's specification."""
    await listen(page, server)
    await wait_for_state(page, "locked")
    await expect(page.locator("#sound")).to_have_text("Press OK for sound")
    assert await page.evaluate("heard") == []
    await page.keyboard.press("Enter")
    await wait_for_state(page, "on")
    await expect(page.locator("#sound")).to_be_hidden()
    assert await page.evaluate("heard") == ["chime.wav"]
    await server.place(number="41", status=Status.READY)
    await wait_heard(page, "en/41.wav")
    assert await page.evaluate("heard") == ["chime.wav", "chime.wav", "en/41.wav"]
    lengths = await page.evaluate("lengths")
    assert 0.6 <= lengths["chime.wav"] <= 1.2
    assert 1.5 < lengths["en/41.wav"] < 3
    assert await page.evaluate("document.querySelector('audio').volume") == 0.8


@pytest.mark.parametrize("how", ["click", "tap"])
async def test_click_or_touch_unlocks_too(
    open_page: OpenPage, server: VenueServer, how: str
) -> None:
    page = await open_page(has_touch=True)
    await listen(page, server, sound="chime")
    await wait_for_state(page, "locked")
    where = page.locator("#lists")
    await (where.click() if how == "click" else where.tap())
    await wait_for_state(page, "on")
    assert await page.evaluate("heard") == ["chime.wav"]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("size", SCREENS, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_locked_sound_is_shown_large_and_hides_no_order(
    open_page: OpenPage, server: VenueServer, size: tuple[int, int], language: str
) -> None:
    for number in range(10, 22):
        status = Status.READY if number % 2 else Status.PREPARING
        await server.place(number=str(number), name="Ana B.", status=status)
    page = await open_page(viewport={"width": size[0], "height": size[1]})
    await listen(page, server, language=language)
    await expect(page.locator("#sound")).to_be_visible()
    said = [words[key] for words in LANGUAGES.values() for key in ("press", "no_sound")]
    found = await page.evaluate(LOOK, said)
    assert (found["over"], found["outside"], found["cut"]) == ([], [], [])
    assert found["letters"] >= 0.04 * min(size)


async def test_five_languages_are_loaded_and_decoded_by_the_browser(
    page: Page, server: VenueServer
) -> None:
    await page.goto(f"{server.url}/b/main")
    lengths: dict[str, float] = await page.evaluate("""async () => {
      const found = {}, aliases = {en: 'Blue-Fox', it: 'Volpe-blu', de: 'Blaue-Katze',
        fr: 'Renarde-bleue', es: 'Zorra-azul'};
      for (const language in aliases)
        for (const text of ['41', 'AZ-90', 'one', 'several', 'test',
            `alias-${language}-${aliases[language]}`]) {
          const audio = new Audio(`main/call/${language}/${text}.wav?please=1`);
          await new Promise((done, fail) => {
            audio.oncanplaythrough = done;
            audio.onerror = () => fail(new Error(audio.src));
            audio.load();
          });
          found[language + ' ' + text] = audio.duration;
        }
      return found;
    }""")
    assert len(lengths) == 5 * 6
    assert all(1 < seconds < 7 for seconds in lengths.values())


async def test_two_languages_take_turns(page: Page, server: VenueServer) -> None:
    await listen(page, server, language="it", second_language="de")
    await press(page)
    await page.evaluate(HURRY)
    for number in ("41", "42", "43"):
        await server.place(number=number, status=Status.READY)
        await wait_for(page, f"heard.some(name => name.indexOf('{number}') > 0)")
    assert await heard(page) == ["it/41.wav", "de/42.wav", "it/43.wav"]


@pytest.mark.parametrize(
    ("count", "spoken"),
    [(5, [f"en/{n}.wav" for n in (51, 52, 53, 54, 55)]), (6, ["en/several.wav"])],
)
async def test_more_than_five_waiting_calls_become_one(
    page: Page, server: VenueServer, count: int, spoken: list[str]
) -> None:
    orders = [await server.place(number=str(51 + i), status=Status.PREPARING) for i in range(count)]
    await listen(page, server)
    await press(page)
    await page.evaluate(HURRY)
    await page.evaluate("() => { Readyboard.times.gather = 2000; }")  # all at once
    await server.place(number="41", status=Status.READY)
    await wait_heard(page, "en/41.wav")
    changes = [{"order": order.id, "status": "ready"} for order in orders]
    bulk = await server.http.post("/api/v1/venues/main/status", json={"changes": changes})
    assert bulk.status_code == 200
    await wait_for(page, f"heard.filter(n => n !== 'chime.wav').length > {len(spoken)}")
    assert sorted((await heard(page))[1:]) == spoken


async def test_calls_begin_four_seconds_apart(page: Page, server: VenueServer) -> None:
    orders = [await server.place(number=str(n), status=Status.PREPARING) for n in (41, 42)]
    await page.add_init_script(
        "window.begun = []; document.addEventListener('play', event => {"
        " if (/chime/.test(event.target.currentSrc)) begun.push(performance.now()); }, true);"
    )
    await listen(page, server, sound="chime")
    await press(page)
    changes = [{"order": order.id, "status": "ready"} for order in orders]
    await server.http.post("/api/v1/venues/main/status", json={"changes": changes})
    await wait_for(page, "begun.length >= 3")
    begun = await page.evaluate("begun")
    assert begun[2] - begun[1] > 3_800


async def test_call_is_repeated_twice_while_the_order_waits(
    page: Page, server: VenueServer
) -> None:
    await listen(page, server)
    await press(page)
    await page.evaluate(HURRY)
    await page.evaluate("() => { Readyboard.sound.times.repeats = [3000, 5000]; }")
    await server.place(number="41", status=Status.READY)
    await wait_heard(page, "en/41.wav", "en/41.wav?please=1", "en/41.wav?please=1")
    await server.place(number="42", status=Status.READY)
    again = "en/41.wav?please=1"
    await wait_heard(page, "en/41.wav", again, again, "en/42.wav")


async def test_collected_order_is_not_called_again(page: Page, server: VenueServer) -> None:
    await listen(page, server)
    await press(page)
    await page.evaluate(HURRY)
    await page.evaluate("() => { Readyboard.sound.times.repeats = [4000]; }")
    gone = await server.place(number="41", status=Status.READY)
    await wait_heard(page, "en/41.wav")
    await server.move(gone.id, Status.COLLECTED)
    await server.place(number="42", status=Status.READY)
    await wait_heard(page, "en/41.wav", "en/42.wav", "en/42.wav?please=1")


async def test_what_waited_before_the_page_was_opened_is_not_called(
    page: Page, server: VenueServer
) -> None:
    await server.place(number="40", status=Status.READY)
    await listen(page, server, repeat_calls=False)
    await press(page)
    await page.evaluate("() => { Readyboard.sound.times.repeats = [0, 1]; }")
    await server.place(number="41", status=Status.READY)
    await wait_heard(page, "en/41.wav")


async def test_quiet_hours_are_silent_and_end(page: Page, server: VenueServer) -> None:
    await listen(page, server, quiet_from="00:00", quiet_to="23:59", second_language="it")
    if await page.evaluate("Readyboard.local().time") == "23:59":
        await change(page, server, quiet_from="12:00", quiet_to="11:59")
    await press(page, "quiet")
    await server.place(number="41", status=Status.READY)
    await expect(page.locator("#ready .tile")).to_have_count(1)
    assert await page.evaluate("heard") == []
    # The new page keeps what the key press gave the old one.
    await change(page, server, quiet_from="")
    await wait_for_state(page, "on")
    await server.place(number="42", status=Status.READY)
    await wait_heard(page, "en/42.wav")


async def test_alias_is_spoken_and_a_name_is_not(page: Page, server: VenueServer) -> None:
    await listen(page, server, shows="alias", second_language="fr")
    await press(page)
    await page.evaluate(HURRY)
    order = await server.place(name="Ana B.", status=Status.READY)
    await wait_for(page, "heard.length === 3")
    card = (await server.http.get("/b/main.json")).json()["cards"][0]
    assert card["name"] != "Ana B."
    assert order.name == "Ana B."
    assert await heard(page) == [f"en/alias-en-{card['name'].replace(' ', '-')}.wav"]
    await change(page, server, shows="name", second_language="")
    await wait_for_state(page, "on")
    await server.place(name="Bo C.", number="42", status=Status.READY)
    await wait_heard(page, "en/one.wav")


async def test_guest_of_a_pickup_place_is_not_sent_to_the_counter(
    page: Page, server: VenueServer
) -> None:
    await listen(page, server)
    await press(page)
    await page.evaluate(HURRY)
    await page.evaluate("() => { Readyboard.sound.times.repeats = [3000]; }")
    await server.http.post("/api/v1/venues/main/pickup-points", json={"name": "Window 2"})
    order = await server.place(number="41", status=Status.PREPARING)
    await server.move(order.id, Status.READY, pickup_point="Window 2")
    await wait_heard(page, "en/41.wav", "en/41.wav")
    assert await page.locator("#ready .place").text_content() == "→ Window 2"


async def test_sound_that_does_not_come_is_shown_and_noticed_when_it_does(
    page: Page, server: VenueServer, complaints: Complaints
) -> None:
    complaints.expect("status of 404")

    async def refuse(route: Route) -> None:
        await route.fulfill(status=404, body="")

    await page.route("**/call/**", refuse)
    await listen(page, server)
    await press(page, "failed")
    await expect(page.locator("#sound")).to_have_text("No sound")
    await page.unroute("**/call/**")
    await page.evaluate("() => { Readyboard.sound.times.retest = 0; }")
    await wait_for_state(page, "on")
    await expect(page.locator("#sound")).to_be_hidden()


async def test_sound_that_cannot_be_decoded_is_shown(page: Page, server: VenueServer) -> None:
    async def garble(route: Route) -> None:
        await route.fulfill(status=200, content_type="audio/wav", body="<html>no sound</html>")

    await page.route("**/call/**", garble)
    await listen(page, server)
    await press(page, "failed")


async def test_kiosk_needs_no_key_press(kiosk: Page, server: VenueServer) -> None:
    await listen(kiosk, server)
    await wait_for_state(kiosk, "on")
    await expect(kiosk.locator("#sound")).to_be_hidden()
    assert await kiosk.evaluate("heard") == []
    await kiosk.evaluate("Readyboard.sound.test()")
    await wait_heard(kiosk, "en/test.wav")


async def test_engine_that_refuses_without_a_word_is_found_out(
    page: Page, server: VenueServer
) -> None:
    """Chromium 38: play() promises nothing."""
    await page.add_init_script(OLD_ENGINE)
    await page.add_init_script(
        "const play = HTMLMediaElement.prototype.play;"
        "HTMLMediaElement.prototype.play = function () { play.call(this).catch(() => {}); };"
    )
    await listen(page, server)
    await expect(page.locator("#sound")).to_have_text("Press OK for sound", timeout=10_000)
    await page.keyboard.press("Enter")
    await expect(page.locator("#sound")).to_be_hidden(timeout=10_000)
    await server.place(number="41", status=Status.READY)
    told = "chime.wav chime.wav en/41.wav"
    await expect(page.locator("html")).to_have_attribute("data-heard", told, timeout=10_000)


async def test_board_with_a_chime_only_asks_for_no_speech(page: Page, server: VenueServer) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await listen(page, server, sound="chime", volume=30)
    await press(page)
    await server.place(number="41", status=Status.READY)
    await wait_for(page, "heard.length === 2")
    assert not [url for url in asked if "/call/" in url]
    assert await page.evaluate("document.querySelector('audio').volume") == pytest.approx(0.3)
