#!/usr/bin/env python3
"""A phone: stream management, carbons, an archive, and an app that nobody looks at, all at once, with slixmpp."""

import asyncio
import sys

from room_client import expect, logins, run, run_steps, soon

PLUGINS = ("xep_0085", "xep_0198", "xep_0280", "xep_0352")


def prepare(phone):
    """Adds what a phone has beyond the others. The features of its streams come in once it logs in."""
    for plugin in PLUGINS:
        phone.register_plugin(plugin)


async def login(phone, args):
    """Logs in, and sees stream management enabled."""
    enabled = phone.received("sm_enabled")
    how = await phone.login(args.host, args.port)
    answer = await soon(enabled, "stream management")
    expect(answer["id"] != "", "the session cannot be resumed")
    return how


async def enable(phone):
    """Turns carbons on and says that nobody looks."""
    reply = phone.plugin["xep_0280"].enable()
    await soon(reply, "carbons")
    phone.plugin["xep_0352"].send_inactive()
    await soon(phone.plugin["xep_0199"].ping(), "an answer to what was sent since")


async def chat(phone, contact, bodies):
    """What the contact sends arrives in order."""
    heard = [phone.received("message", lambda m, b=body: m["body"] == b) for body in bodies]
    for body in bodies:
        contact.send_message(mto=phone.boundjid.full, mbody=body, mtype="chat")
    for future in heard:
        await soon(future, "a message")


async def answer(phone, contact):
    """What the phone says arrives, from the address that it had from the start."""
    heard = contact.received("message", lambda m: m["body"] == "I am here")
    phone.send_message(mto=contact.boundjid.full, mbody="I am here", mtype="chat")
    message = await soon(heard, "the answer")
    expect(message["from"] == phone.boundjid, "the answer is from " + str(message["from"]))


async def lose_connection(phone, contact, args):
    """The network goes, and comes back after the contact has said more."""
    lost = phone.received("disconnected")
    phone.transport.abort()
    await soon(lost, "the loss of the connection")
    bodies = ["Hist! Romeo, hist!", "O, for a falconer's voice"]
    heard = asyncio.gather(*(phone.received("message", lambda m, b=body: m["body"] == b) for body in bodies))
    for body in bodies:
        contact.send_message(mto=phone.boundjid.full, mbody=body, mtype="chat")
    await soon(contact.plugin["xep_0199"].ping(), "an answer to what was sent")
    resumed, started = phone.received("session_resumed"), phone.received("session_start")
    phone.connect((args.host, args.port), force_starttls=True)
    done, _ = await asyncio.wait({resumed, started}, timeout=10, return_when=asyncio.FIRST_COMPLETED)
    expect(resumed in done, "a new session began" if started in done else "not in time: the session to be resumed")
    started.cancel()
    for message in await soon(heard, "what was sent meanwhile"):
        expect(message["delay"]["stamp"] is not None, "what waited says nothing of when it was sent")


async def look(phone):
    """Somebody looks again."""
    phone.plugin["xep_0352"].send_active()
    await soon(phone.plugin["xep_0199"].ping(), "an answer")


async def play(clients, args):
    """The whole piece."""
    phone, contact, _ = clients
    prepare(phone)
    await run_steps(clients, [("the phone logs in", lambda: login(phone, args))] + logins(clients[1:], args) + [
        ("the phone enables what it has", lambda: enable(phone)),
        ("they chat", lambda: chat(phone, contact, ["Romeo!", "What's the hour?"])),
        ("the phone answers", lambda: answer(phone, contact)),
        ("the connection breaks", lambda: lose_connection(phone, contact, args)),
        ("the phone answers again", lambda: answer(phone, contact)),
        ("somebody looks", lambda: look(phone)),
        ("the connection breaks again", lambda: lose_connection(phone, contact, args)),
        ("they go on", lambda: chat(phone, contact, ["'Tis almost morning"])),
    ])


if __name__ == "__main__":
    sys.exit(run(play, "Tests what phones use with slixmpp."))
