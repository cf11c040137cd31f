"""What the scripts that drive slixmpp in rooms have in common: the clients, their steps, the command line."""

import argparse
import asyncio
import logging
import ssl
import sys

from slixmpp import ClientXMPP
from slixmpp.exceptions import IqError, PresenceError

TIMEOUT = 10  # seconds for each step
PLUGINS = ("xep_0004", "xep_0030", "xep_0045", "xep_0050", "xep_0054", "xep_0077", "xep_0128", "xep_0199", "xep_0203", "xep_0313", "xep_0359",
           "xep_0425")


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
    """One of the clients, with the plugins that the scripts use."""

    def __init__(self, account, ca, old_tls):
        jid, _, password = account.partition(":")
        super().__init__(jid, password)
        for plugin in PLUGINS:
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


async def be_refused(client, room, nick, condition):
    """Tries to join. slixmpp knows by the error's <x/> that it is about joining, and waits for ever if there is none."""
    try:
        await soon(client.rooms.join_muc_wait(room, nick, maxstanzas=0), "being refused")
    except PresenceError as error:
        expect(error.condition == condition, "%s is refused with %s, not %s" % (client.boundjid.bare, error.condition, condition))
    else:
        raise StepFailed("%s was let in as %s" % (client.boundjid.bare, nick))
    finally:
        client.rooms.rooms.pop(room, None)


async def leave(client, witness, room, nick):
    """Leaves and waits until somebody else sees it; slixmpp itself forgets the room at once."""
    gone = witness.received("muc::%s::got_offline" % room, lambda p: p["from"].resource == nick)
    client.rooms.leave_muc(room, nick)
    await soon(gone, "leaving")


async def run_step(name, step):
    """One step, with its line of output."""
    try:
        said = await step()
    except IqError as error:
        raise StepFailed("%s: refused with %s" % (name, error.condition)) from None
    except StepFailed as error:
        raise StepFailed("%s: %s" % (name, error)) from None
    print("ok: " + name + (" (%s)" % said if isinstance(said, str) else ""), flush=True)


async def run_steps(clients, steps):
    """All of them, in order; then everybody goes."""
    try:
        for name, step in steps:
            await run_step(name, step)
    finally:
        await asyncio.gather(*(c.disconnect() for c in clients if c.is_connected()))


def logins(clients, args):
    """The first steps of every script."""
    return [(c.boundjid.user + " logs in", lambda c=c: c.login(args.host, args.port)) for c in clients]


def run(play, description):
    """The main function of a script: play is given the clients and the arguments. Returns the exit code."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5222)
    parser.add_argument("--ca", required=True, help="file with the certificate to trust")
    parser.add_argument("--old-tls", action="store_true", help="TLS 1.2 at most")
    parser.add_argument("--debug", action="store_true", help="print everything that is sent and received")
    parser.add_argument("account", nargs=3, help="JID:PASSWORD")
    args = parser.parse_args()
    logging.basicConfig(level=logging.DEBUG if args.debug else logging.ERROR)

    async def start():
        await play([Client(account, args.ca, args.old_tls) for account in args.account], args)

    try:
        asyncio.run(start())
    except StepFailed as error:
        print("failed: %s" % error, file=sys.stderr)
        return 1
    return 0
