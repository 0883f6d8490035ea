"""
The staff console at /console: server-rendered pages that call the services of the desk.

To add a page:

1. Write a handler that takes a Visit (visit.py) and returns a response:

       class Reviews:
           def __init__(self, console: Console) -> None: ...
           async def listed(self, visit: Visit) -> web.StreamResponse:
               waiting = await self._console.services.reviewing.waiting()
               return self._console.render(visit, "reviews.html", waiting=waiting)

2. Add it in a function `add_pages(console: Console)` that routes.py calls. Paths are those below
   /console. There is no other way to add a route, so nothing is reached without the guard:

       console.get("/reviews", reviews.listed, Role.REVIEWER)
       console.post("/reviews/{number}", reviews.decide, Role.REVIEWER)

   Any one of the roles is enough. Services check roles again, as for every front end.

3. Write templates/console/reviews.html, which extends console/layout.html and fills the blocks
   `title` and `main`. `t("…")` says a sentence in the language of the visit; tests find these
   sentences in templates as they find say() in code. Values are escaped; nothing is `|safe`.

4. Each form is `method="post"` and holds {{ form_token }} in a hidden field `token`: the guard
   refuses a form without it, and one that another site sends. A POST ends with
   `await console.done(visit, "/reviews", say(visit.language, "…"))`: a redirect, and the words on
   the page that follows, at whichever worker. A form with words of people's own has `data-keep`:
   they are kept in the browser until such a page names the draft as received (console-drafts.js).
   Where it is refused, the page takes up what was typed by `refused.kept(…)`; the layout shows
   what is left of it.

5. Who looked at what is in the audit log: the function that renders what citizens wrote calls
   `await console.viewed(visit, "ticket 7")`, for a refused form shows it as well. Nothing that
   somebody typed goes into these words, and each has a sentence in VIEWED (names.py). What a page
   fetches anew by itself calls `console.refreshed` in its place.

6. A TicketError may be raised anywhere: the guard makes a page of its words. Raise nothing else
   for what people can do wrong.

A session may end while somebody writes: a POST then leads to signing in, and from there back to
the page with the form. A form may have 64 KiB in all (MAX_BODY_BYTES in bot/web/app.py).

Who acts is `visit.actor`: the member of the roster, so that a ticket claimed on Telegram is held
here too. A section of the navigation appears once its page is there and the visitor may open it
(navigation.py).
"""
