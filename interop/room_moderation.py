#!/usr/bin/env python3
"""The life of a room from its owner's side, as slixmpp sees it.

The owner configures the room, grants voice, takes back what somebody has said, kicks, bans, invites and reserves a nick; gives the room a picture,
reads the archive, uses the commands of the service and destroys the room. Two others see what becomes of them. Each step prints a line; the first
that goes wrong ends the script with a message and exit code 1.

    room_moderation.py --host 127.0.0.1 --port 5222 --ca localhost.crt romeo@localhost:password juliet@localhost:password \\
        rosaline@localhost:password

The server's certificate has to be in --ca. The accounts have to exist, the first one as an admin; the room is made in conference.DOMAIN,
which has muc_register, muc_mam and, from Debian's package prosody-modules, muc_moderation.
"""

import hashlib
import sys
import uuid

from slixmpp import JID
from slixmpp.exceptions import IqError

from room_client import StepFailed, be_refused, expect, join, leave, logins, run, run_steps, soon

NS_REQUEST = "http://jabber.org/protocol/muc#request"
COMMAND = "http://prosody.im/protocol/muc#set-affiliation"
PICTURE = b"\x89PNG\r\n\x1a\n and what else belongs to a picture"


async def configure(owner, room, **settings):
    """Fills in some fields of the configuration form."""
    form = await soon(owner.rooms.get_room_config(room), "the room's configuration form")
    fields = form.get_fields()
    answer = owner["xep_0004"].make_form(ftype="submit")
    answer.add_field(var="FORM_TYPE", ftype="hidden", value="http://jabber.org/protocol/muc#roomconfig")
    for name, value in settings.items():
        var = "muc#roomconfig_" + name
        expect(var in fields, "the form has no " + var)
        answer.add_field(var=var, value=value)
    await soon(owner.rooms.set_room_config(room, answer), "the configuration")


async def open_room(owner, room):
    """Makes a moderated room that stays, and looks at what it tells about itself."""
    await join(owner, room, "Romeo")
    await configure(owner, room, roomname="The garden", roomdesc="Below the balcony", persistentroom="1", publicroom="1", moderatedroom="1")
    info = (await soon(owner["xep_0030"].get_info(jid=room), "the room's information"))["disco_info"]
    expect(("conference", "text", None, "The garden") in info["identities"], "the room is %s" % info["identities"])
    missing = {"muc_persistent", "muc_public", "muc_moderated", "urn:xmpp:mam:2", "vcard-temp"} - set(info["features"])
    expect(not missing, "the room lacks " + ", ".join(missing))
    items = (await soon(owner["xep_0030"].get_items(jid=room.partition("@")[2]), "the list of rooms"))["disco_items"]["items"]
    expect((room, None, "The garden") in items, "the list of rooms is %s" % items)


async def speak(speaker, room, text, *listeners):
    """A message to the room is heard by all."""
    heard = [c.received("muc::%s::message" % room, lambda m: m["body"] == text) for c in listeners]
    speaker.send_message(mto=room, mbody=text, mtype="groupchat")
    for future in heard:
        await soon(future, "the message")


async def take_back(owner, speaker, room, text):
    """A moderator takes back what somebody says (XEP-0425), and all are told."""
    spoken = owner.received("muc::%s::message" % room, lambda m: m["body"] == text)
    speaker.send_message(mto=room, mbody=text, mtype="groupchat")
    said = (await soon(spoken, "the message"))["stanza_id"]["id"]
    told = [c.received("moderated_message", lambda m: m["apply_to"]["id"] == said) for c in (owner, speaker)]
    await soon(owner["xep_0425"].moderate(JID(room), said, "Too rash"), "the answer")
    for future in told:
        moderated = (await soon(future, "the news"))["apply_to"]["moderated"]
        expect(moderated["by"] == room + "/Romeo", "taken back by %s" % moderated["by"])
        expect(moderated["reason"] == "Too rash", "the reason is " + moderated["reason"])


async def be_silent(client, room):
    """A visitor may not speak."""
    refusal = client.received("message_error", lambda m: m["from"].bare == room)
    client.send_message(mto=room, mbody="Wherefore?", mtype="groupchat")
    condition = (await soon(refusal, "the refusal"))["error"]["condition"]
    expect(condition == "forbidden", "refused with " + condition)


async def grant_voice(owner, client, room, nick):
    """Asks for voice; the owner gets a form and says yes."""
    asked = owner.received("message_xform", lambda m: m["from"].bare == room)
    speaks = client.received("muc::%s::presence" % room, lambda p: p["muc"]["role"] == "participant" and p["from"].resource == nick)
    client.rooms.request_voice(room, "participant")
    form = (await soon(asked, "the request"))["form"]
    fields = form.get_fields()
    expect(fields["muc#roomnick"]["value"] == nick, "the request is from %s" % fields["muc#roomnick"]["value"])
    answer = owner.make_message(mto=room)
    answer["form"]["type"] = "submit"
    answer["form"].add_field(var="FORM_TYPE", ftype="hidden", value=NS_REQUEST)
    for var in ("muc#role", "muc#jid", "muc#roomnick"):
        answer["form"].add_field(var=var, value=fields[var]["value"])
    answer["form"].add_field(var="muc#request_allow", value="1")
    answer.send()
    await soon(speaks, "voice")


async def remove(act, client, witness, room, nick, code, reason):
    """Somebody has to go, and all see why."""
    gone = [c.received("muc::%s::got_offline" % room, lambda p: p["from"].resource == nick) for c in (client, witness)]
    await soon(act(), "the removal")
    for future in gone:
        presence = await soon(future, "leaving")
        expect(code in presence["muc"]["status_codes"], "the codes are %s" % presence["muc"]["status_codes"])
        found = presence["muc"]["item"]["reason"]
        expect(found == reason, "the reason is " + found)


async def listed(owner, room, affiliation, *jids):
    """Who is in a list."""
    found = await soon(owner.rooms.get_affiliation_list(room, affiliation), "the list")
    expect({str(jid) for jid in found} == set(jids), "the list has %s" % found)


async def affiliate_absent(owner, client, room, affiliation):
    """Who is away is told."""
    told = client.received("groupchat_config_status", lambda m: m["from"].bare == room and 101 in m["muc"]["status_codes"])
    await soon(owner.rooms.set_affiliation(room, affiliation, jid=client.boundjid.bare), "the change")
    found = (await soon(told, "the news"))["muc"]["affiliation"]
    expect(found == affiliation, "told of being " + found)


async def invite(owner, client, room):
    """An invitation to members only makes a member; another one is declined."""
    client.remove_handler("MUCDecline")
    owner.remove_handler("MUCDecline")  # that of slixmpp 1.8 fails
    invited = client.received("groupchat_invite", lambda m: m["from"].bare == room)
    owner.rooms.invite(room, client.boundjid.bare, "Come to the feast")
    reason = (await soon(invited, "the invitation"))["muc"]["invite"]["reason"]
    expect(reason == "Come to the feast", "the reason is " + reason)
    await listed(owner, room, "member", client.boundjid.bare)
    declined = owner.received("message", lambda m: m["muc"]["decline"]["reason"] == "Not I")
    client.rooms.decline(room, room + "/Romeo", "Not I")
    await soon(declined, "the refusal of the invitation")


async def show_picture(owner, client, room):
    """Owners give the room a picture, and everybody may have it."""
    # slixmpp has no event for presence of the room itself, which has the hash.
    told = client.received("groupchat_config_status", lambda m: m["from"] == room and 104 in m["muc"]["status_codes"])
    vcard = owner["xep_0054"].make_vcard()
    vcard["PHOTO"]["TYPE"] = "image/png"
    vcard["PHOTO"]["BINVAL"] = PICTURE
    await soon(owner["xep_0054"].publish_vcard(jid=room, vcard=vcard), "the picture")
    await soon(told, "the news")
    info = (await soon(client["xep_0030"].get_info(jid=room), "the room's information"))["disco_info"]
    shown = info["form"].get_fields()["muc#roominfo_avatarhash"]["value"]
    expect(hashlib.sha1(PICTURE).hexdigest() in shown, "the picture's hash is %s" % shown)
    found = await soon(client["xep_0054"].get_vcard(jid=room), "the room's vCard")
    expect(found["vcard_temp"]["PHOTO"]["BINVAL"] == PICTURE, "the picture is another one")
    await refused(lambda: client["xep_0054"].publish_vcard(jid=room, vcard=vcard), "forbidden")


async def refused(act, condition):
    """A request that has to be refused."""
    try:
        await soon(act(), "the refusal")
    except IqError as error:
        expect(error.condition == condition, "refused with " + error.condition)
    else:
        raise StepFailed("it was not refused")


async def read_archive(client, room, *texts):
    """What was said is in the archive, in order."""
    result = await soon(client["xep_0313"].retrieve(jid=room), "the archive")
    found = [m["mam_result"]["forwarded"]["stanza"]["body"] for m in result["mam"]["results"]]
    expect([text for text in found if text] == list(texts), "the archive has %s" % found)


async def ping_oneself(client, room, nick):
    """The room answers who is inside (XEP-0410), and tells who is not."""
    await soon(client["xep_0199"].send_ping(room + "/" + nick), "the answer")


async def command(admin, other, room):
    """Admins of the service make somebody a member of any room; nobody else does."""
    service = room.partition("@")[2]
    adhoc = admin["xep_0050"]
    nodes = [node for _, node, _ in (await soon(adhoc.get_commands(service), "the commands"))["disco_items"]["items"]]
    expect(COMMAND in nodes, "the commands are %s" % nodes)
    first = (await soon(adhoc.send_command(service, COMMAND), "the command's form"))["command"]
    answer = admin["xep_0004"].make_form(ftype="submit")
    for var, value in (("room", room), ("jid", other.boundjid.bare), ("affiliation", "admin")):
        expect(var in first["form"].get_fields(), "the form has no " + var)
        answer.add_field(var=var, value=value)
    sent = adhoc.send_command(service, COMMAND, action="complete", sessionid=first["sessionid"], payload=answer)
    status = (await soon(sent, "the command"))["command"]["status"]
    expect(status == "completed", "the command is " + status)
    await listed(admin, room, "admin", other.boundjid.bare)
    await refused(lambda: other["xep_0050"].send_command(service, COMMAND), "forbidden")


async def destroy(owner, client, room, other_room):
    """Everybody hears why, and where to go."""
    gone = client.received("muc::%s::got_offline" % room, lambda p: p["muc"]["destroy"]["jid"] == other_room)
    await soon(owner.rooms.destroy(room, "A plague", other_room), "the end")
    reason = (await soon(gone, "the news"))["muc"]["destroy"]["reason"]
    expect(reason == "A plague", "the reason is " + reason)


async def play(clients, args):
    """The whole piece."""
    romeo, juliet, rosaline = clients
    room, rosalines = "interop-%s@conference.%s" % (uuid.uuid4().hex[:8], romeo.boundjid.domain), rosaline.boundjid.bare
    affiliate = romeo.rooms.set_affiliation
    await run_steps(clients, logins(clients, args) + [
        ("romeo opens a moderated room", lambda: open_room(romeo, room)),
        ("juliet joins", lambda: join(juliet, room, "Juliet")),
        ("juliet may not speak", lambda: be_silent(juliet, room)),
        ("juliet asks for voice", lambda: grant_voice(romeo, juliet, room, "Juliet")),
        ("juliet speaks", lambda: speak(juliet, room, "Wherefore art thou?", romeo, juliet)),
        ("romeo takes back what she says", lambda: take_back(romeo, juliet, room, "Deny thy father")),
        ("rosaline joins", lambda: join(rosaline, room, "Rosaline")),
        ("rosaline is kicked", lambda: remove(lambda: romeo.rooms.set_role(room, "Rosaline", "none", reason="Too late"),
                                              rosaline, juliet, room, "Rosaline", 307, "Too late")),
        ("rosaline joins again", lambda: join(rosaline, room, "Rosaline")),
        ("rosaline is banned", lambda: remove(lambda: affiliate(room, "outcast", jid=rosalines, reason="Forget her"),
                                              rosaline, juliet, room, "Rosaline", 301, "Forget her")),
        ("rosaline stands in the list", lambda: listed(romeo, room, "outcast", rosalines)),
        ("rosaline may not come back", lambda: be_refused(rosaline, room, "Rosaline", "forbidden")),
        ("the ban is lifted", lambda: affiliate_absent(romeo, rosaline, room, "none")),
        ("members only, juliet being an admin", lambda: affiliate(room, "admin", jid=juliet.boundjid.bare)),
        ("the room is closed", lambda: configure(romeo, room, membersonly="1", moderatedroom="0")),
        ("rosaline is no member", lambda: be_refused(rosaline, room, "Rosaline", "registration-required")),
        ("rosaline is invited", lambda: invite(romeo, rosaline, room)),
        ("romeo reserves juliet's nick", lambda: affiliate(room, "admin", jid=juliet.boundjid.bare, nick="Juliet")),
        ("juliet leaves", lambda: leave(juliet, romeo, room, "Juliet")),
        ("rosaline is refused a nick that looks like it", lambda: be_refused(rosaline, room, "Ju\u217ciet", "conflict")),
        ("rosaline comes under her own", lambda: join(rosaline, room, "Rosaline")),
        ("the room gets a picture", lambda: show_picture(romeo, rosaline, room)),
        ("rosaline reads the archive", lambda: read_archive(rosaline, room, "Wherefore art thou?")),
        ("rosaline is inside", lambda: ping_oneself(rosaline, room, "Rosaline")),
        ("juliet is not", lambda: refused(lambda: juliet["xep_0199"].send_ping(room + "/Juliet"), "not-acceptable")),
        ("a command of the service", lambda: command(romeo, juliet, room)),
        ("the room is destroyed", lambda: destroy(romeo, rosaline, room, "other-" + room)),
        ("rosaline finds it gone", lambda: be_refused(rosaline, room, "Rosaline", "gone")),
    ])


if __name__ == "__main__":
    sys.exit(run(play, "Tests the moderation of rooms with slixmpp."))
