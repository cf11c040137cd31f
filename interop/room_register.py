#!/usr/bin/env python3
"""A room and its nick registration, as slixmpp sees them.

Two clients log in with SCRAM over TLS, join a room and talk; one registers a nick through the form and discovers it; a third client is
refused that nick. Each step prints a line; the first that goes wrong ends the script with a message and exit code 1.

    room_register.py --host 127.0.0.1 --port 5222 --ca localhost.crt romeo@localhost:password juliet@localhost:password \\
        rosaline@localhost:password

The server's certificate has to be in --ca. The accounts have to exist; the room is made in conference.DOMAIN.
"""

import sys
import uuid

from room_client import be_refused, expect, join, leave, logins, run, run_steps, soon

NS_REGISTER = "jabber:iq:register"
FORM_TYPE = "http://jabber.org/protocol/muc#register"
FIELD_NICK = "muc#register_roomnick"


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


async def play(clients, args):
    """The whole piece."""
    romeo, juliet, rosaline = clients
    room = "interop-%s@conference.%s" % (uuid.uuid4().hex[:8], romeo.boundjid.domain)
    await run_steps(clients, logins(clients, args) + [
        ("romeo opens a room", lambda: open_room(romeo, room)),
        ("juliet joins", lambda: join(juliet, room, "Juliet")),
        ("they talk", lambda: talk(romeo, juliet, room)),
        ("romeo makes juliet a member", lambda: make_member(romeo, juliet, room)),
        ("juliet registers her nick", lambda: register_nick(juliet, room, "Juliet")),
        ("juliet discovers her nick", lambda: discover_nick(juliet, room, "Juliet")),
        ("juliet leaves", lambda: leave(juliet, romeo, room, "Juliet")),
        ("rosaline is refused juliet's nick", lambda: be_refused(rosaline, room, "Juliet", "conflict")),
        ("juliet comes back", lambda: join(juliet, room, "Juliet")),
    ])


if __name__ == "__main__":
    sys.exit(run(play, "Tests rooms and nick registration with slixmpp."))
