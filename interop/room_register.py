#!/usr/bin/env python3
"""A room and its nick registration, as slixmpp sees them.

Two clients log in with SCRAM over TLS, join a room and talk; one registers a nick through the form and discovers it; a third client is
refused that nick. Each step prints a line; the first that goes wrong ends the script with a message and exit code 1.

    room_register.py --host 127.0.0.1 --port 5222 --ca localhost.crt romeo@localhost:password juliet@localhost:password \\
        rosaline@localhost:password

The server's certificate has to be in --ca. The accounts have to exist; the room is made in conference.DOMAIN.
"""

import argparse
import asyncio
import logging
import ssl
import sys
import uuid

from slixmpp import ClientXMPP
from slixmpp.exceptions import IqError, PresenceError

TIMEOUT = 10  # seconds for each step
NS_REGISTER = "jabber:iq:register"
FORM_TYPE = "http://jabber.org/protocol/muc#register"
FIELD_NICK = "muc#register_roomnick"


class StepFailed(Exception):
    """What the server did is not what an ordinary client needs."""


def expect(condition, text):
    """Fails the current step unless the condition holds."""
    if not condition:
        raise StepFailed(text)


async def soon(awaitable, what):
    """Waits for something that has to happen, within the time of a step."""
    try:
        return await asyncio.wait_for(awaitable, TIMEOUT)
    except asyncio.TimeoutError:
        raise StepFailed("not in time: " + what) from None


class Client(ClientXMPP):
    """One of the clients, with the plugins that the test uses."""

    def __init__(self, account, ca, old_tls):
        jid, _, password = account.partition(":")
        super().__init__(jid, password)
        for plugin in ("xep_0004", "xep_0030", "xep_0045", "xep_0077"):
            self.register_plugin(plugin)
        self.ca_certs = ca
        if old_tls:
            self.ssl_context.maximum_version = ssl.TLSVersion.TLSv1_2
        self.rooms = self.plugin["xep_0045"]

    async def login(self, host, port):
        """Logs in and checks how: SCRAM, over TLS."""
        started = asyncio.get_running_loop().create_future()

        def settle(result):
            if not started.done():
                started.set_result(result)

        self.add_event_handler("session_start", lambda _: settle(None))
        self.add_event_handler("failed_all_auth", lambda _: settle("the login was refused"))
        self.add_event_handler("ssl_invalid_chain", lambda _: settle("the certificate is not trusted"))
        self.connect((host, port), force_starttls=True)
        refused = await soon(started, "session of " + self.boundjid.bare)
        expect(refused is None, refused)
        mechanism = self.plugin["feature_mechanisms"].mech.name
        expect(mechanism.startswith("SCRAM-"), "logged in with " + mechanism)
        tls = self.transport.get_extra_info("ssl_object")
        expect(isinstance(tls, (ssl.SSLObject, ssl.SSLSocket)), "logged in without TLS")
        self.send_presence()
        return "%s, %s" % (mechanism, tls.version())

    def received(self, event, accept=lambda stanza: True):
        """A future of the first stanza of an event that is accepted. Ask for it before causing the event."""
        found = asyncio.get_running_loop().create_future()

        def look(stanza):
            if not found.done() and accept(stanza):
                found.set_result(stanza)
                self.del_event_handler(event, look)

        self.add_event_handler(event, look)
        return found


async def join(client, room, nick):
    """Joins and returns the client's own presence in the room."""
    try:
        presence = (await soon(client.rooms.join_muc_wait(room, nick, maxstanzas=0), "joining as " + nick))[0]
    except PresenceError as error:
        raise StepFailed("%s may not join as %s: %s" % (client.boundjid.bare, nick, error.condition)) from None
    expect(presence["from"].resource == nick, "joined as %s instead of %s" % (presence["from"].resource, nick))
    return presence


async def open_room(romeo, room):
    """Makes the room and unlocks it with the form's defaults."""
    presence = await join(romeo, room, "Romeo")
    affiliation = presence["muc"]["affiliation"]
    expect(affiliation == "owner", "the creator is " + affiliation)
    form = await soon(romeo.rooms.get_room_config(room), "the room's configuration form")
    form["type"] = "submit"
    await soon(romeo.rooms.set_room_config(room, form), "the room's configuration")


async def talk(romeo, juliet, room):
    """A message to the room reaches the other and comes back to its author."""
    event = "muc::%s::message" % room
    heard = [c.received(event, lambda m: m["body"] == "Wherefore art thou?") for c in (romeo, juliet)]
    juliet.send_message(mto=room, mbody="Wherefore art thou?", mtype="groupchat")
    for message in [await soon(f, "a message in the room") for f in heard]:
        expect(message["from"].resource == "Juliet", "the message is from " + str(message["from"]))


async def make_member(owner, client, room):
    """Lets a client register: rooms give nicks to members only."""
    await soon(owner.rooms.set_affiliation(room, "member", jid=client.boundjid.bare), "the membership")


async def register_nick(client, room, nick):
    """Fills in the room's registration form."""
    request = client.make_iq_get(queryxmlns=NS_REGISTER, ito=room)
    reply = await soon(request.send(), "the registration form")
    form = reply["register"]["form"]
    fields = form.get_fields()
    form_type = fields["FORM_TYPE"]["value"]  # a list of one, for hidden fields
    expect(form_type in (FORM_TYPE, [FORM_TYPE]), "the form's type is %s" % form_type)
    expect(FIELD_NICK in fields, "the form asks for %s" % ", ".join(fields))
    submit = client.make_iq_set(ito=room)
    answer = client.plugin["xep_0004"].make_form(ftype="submit")
    answer.add_field(var="FORM_TYPE", ftype="hidden", value=FORM_TYPE)
    answer.add_field(var=FIELD_NICK, value=nick)
    submit["register"].append(answer)
    await soon(submit.send(), "the registration")


async def discover_nick(client, room, nick):
    """Asks the room for one's own registered nick (XEP-0045 #reservednick)."""
    info = await soon(client.plugin["xep_0030"].get_info(jid=room, node="x-roomuser-item"), "the nick")
    found = [name for category, typ, _, name in info["disco_info"]["identities"] if (category, typ) == ("conference", "text")]
    expect(found == [nick], "the registered nick is %s" % found)


async def leave(client, witness, room, nick):
    """Leaves and waits until somebody else sees it; slixmpp itself forgets the room at once."""
    gone = witness.received("muc::%s::got_offline" % room, lambda p: p["from"].resource == nick)
    client.rooms.leave_muc(room, nick)
    await soon(gone, "leaving")


async def be_refused(client, room, nick):
    """Somebody else's nick is a conflict."""
    refusal = client.received("presence_error", lambda p: p["from"].bare == room)
    joining = asyncio.ensure_future(client.rooms.join_muc_wait(room, nick, maxstanzas=0))
    await asyncio.wait([refusal, joining], timeout=TIMEOUT, return_when=asyncio.FIRST_COMPLETED)
    joining.cancel()
    await asyncio.gather(joining, return_exceptions=True)
    expect(refusal.done(), "%s was not refused the nick" % client.boundjid.bare)
    expect(refusal.result()["error"]["condition"] == "conflict", "refused with " + refusal.result()["error"]["condition"])


async def play(args):
    """The whole piece."""
    romeo, juliet, rosaline = clients = [Client(account, args.ca, args.old_tls) for account in args.account]
    room = "interop-%s@conference.%s" % (uuid.uuid4().hex[:8], romeo.boundjid.domain)
    steps = [(c.boundjid.user + " logs in", lambda c=c: c.login(args.host, args.port)) for c in clients] + [
        ("romeo opens a room", lambda: open_room(romeo, room)),
        ("juliet joins", lambda: join(juliet, room, "Juliet")),
        ("they talk", lambda: talk(romeo, juliet, room)),
        ("romeo makes juliet a member", lambda: make_member(romeo, juliet, room)),
        ("juliet registers her nick", lambda: register_nick(juliet, room, "Juliet")),
        ("juliet discovers her nick", lambda: discover_nick(juliet, room, "Juliet")),
        ("juliet leaves", lambda: leave(juliet, romeo, room, "Juliet")),
        ("rosaline is refused juliet's nick", lambda: be_refused(rosaline, room, "Juliet")),
        ("juliet comes back", lambda: join(juliet, room, "Juliet")),
    ]
    try:
        for name, step in steps:
            await run_step(name, step)
    finally:
        await asyncio.gather(*(c.disconnect() for c in clients if c.is_connected()))


async def run_step(name, step):
    """One step, with its line of output."""
    try:
        said = await step()
    except IqError as error:
        raise StepFailed("%s: refused with %s" % (name, error.condition)) from None
    except StepFailed as error:
        raise StepFailed("%s: %s" % (name, error)) from None
    print("ok: " + name + (" (%s)" % said if isinstance(said, str) else ""), flush=True)


def main():
    parser = argparse.ArgumentParser(description="Tests rooms and nick registration with slixmpp.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5222)
    parser.add_argument("--ca", required=True, help="file with the certificate to trust")
    parser.add_argument("--old-tls", action="store_true", help="TLS 1.2 at most")
    parser.add_argument("--debug", action="store_true", help="print everything that is sent and received")
    parser.add_argument("account", nargs=3, help="JID:PASSWORD")
    args = parser.parse_args()
    logging.basicConfig(level=logging.DEBUG if args.debug else logging.ERROR)
    try:
        asyncio.run(play(args))
    except StepFailed as error:
        print("failed: %s" % error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
