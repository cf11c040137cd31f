"""An external component (XEP-0114) that answers what it is told, and says on its output that it is connected."""

import argparse
import asyncio

from slixmpp import ComponentXMPP


class Echo(ComponentXMPP):
    """Answers each chat message with its text, and says who it is."""

    def __init__(self, domain, secret, host, port):
        super().__init__(domain, secret, host, port)
        self.register_plugin("xep_0030")
        self.register_plugin("xep_0199")
        self["xep_0030"].add_identity(category="gateway", itype="example", name="Echo")
        self.add_event_handler("session_start", lambda _: print("connected", flush=True))
        self.add_event_handler("message", self.answer)
        self.add_event_handler("disconnected", lambda _: self.loop.stop())

    def answer(self, message):
        """Is called for each message."""
        if message["type"] in ("chat", "normal"):
            message.reply("You said: " + message["body"]).send()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("domain", "secret", "host", "port"):
        parser.add_argument(name)
    args = parser.parse_args()
    asyncio.set_event_loop(asyncio.new_event_loop())
    component = Echo(args.domain, args.secret, args.host, int(args.port))
    component.connect()
    component.loop.run_forever()


if __name__ == "__main__":
    main()
