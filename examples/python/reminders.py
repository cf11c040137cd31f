#!/usr/bin/python3
"""Reminds people: who writes "remind 20 minutes Romeo waits" to the host is told "Romeo waits" twenty minutes later, wherever they are then."""

import re
import time
import xml.etree.ElementTree as ET

from handshake import serve

UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
WISH = re.compile(r"remind\s+(\d+(?:\.\d+)?)\s+(second|minute|hour|day)s?\s+(\S.*)", re.IGNORECASE | re.DOTALL)
HELP = "Write for example: remind 20 minutes Romeo waits"


class Reminders:
    """The plugin. Reminders are in the host's store, so that they outlast this process and the server."""

    def load(self, module, kept):
        self.module = module
        self.longest = module.option("reminders_longest", 30) * UNITS["day"]
        self.store = module.store("map")
        for key, reminder in (self.store.call("Get", "")[0] or {}).items():
            self.schedule(key, reminder)
        module.hook("message/host", self.answer, serve=True)

    def answer(self, event):
        body = event.stanza.findtext("body")
        if body is None or event.stanza.get("type") in ("error", "groupchat"):
            return None  # others may know what to do with it
        event.origin.send(message(event.stanza.get("to"), event.stanza.get("from"), self.reply(event.stanza, body)))
        return True

    def reply(self, stanza, body):
        wish = WISH.fullmatch(body.strip())
        if not wish:
            return HELP
        delay = float(wish[1]) * UNITS[wish[2].lower()]
        if delay > self.longest:
            return "That is too long for me."
        reminder = {"from": stanza.get("to"), "to": stanza.get("from").split("/")[0], "text": wish[3], "due": time.time() + delay}
        key = "%s %f" % (reminder["to"], reminder["due"])
        self.store.call("SetKeys", "", {key: reminder})
        self.schedule(key, reminder)
        return "I will."

    def schedule(self, key, reminder):
        self.module.timer(max(0, reminder["due"] - time.time()), lambda: self.remind(key, reminder))

    def remind(self, key, reminder):
        self.module.send(message(reminder["from"], reminder["to"], reminder["text"]))
        self.store.call("SetKeys", "", {key: None})


def message(sender, to, text):
    stanza = ET.Element("message", {"type": "chat", "from": sender, "to": to})
    ET.SubElement(stanza, "body").text = text
    return stanza


if __name__ == "__main__":
    serve(Reminders())
