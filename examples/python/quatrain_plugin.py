"""A plugin's side of Quatrain's protocol for plugins in processes of their own.

What the frames mean is written in sdk/wire/plugin.proto; this is the part of it that a plugin without objects of its own needs. Everything of the plugin's runs
in one thread: it reads frames, runs what they ask for, also while it waits for an answer of its own, and wakes up for timers.

Needs Debian's python3-grpcio, python3-protobuf and python3-cryptography, and plugin_pb2.py, which protoc makes of plugin.proto (see README.md).
"""

import collections
import heapq
import itertools
import queue
import time
import traceback
import weakref
import xml.etree.ElementTree as ET

import plugin_pb2 as pb

PROTOCOL = 1
MAX_FRAME = 16 << 20
STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"
DEBUG, INFO, WARN, ERROR = -4, 0, 4, 8


class Gone(Exception):
    """The server has closed the stream: there is nobody left to work for."""


class Failure(Exception):
    """A call that the server answered with an error."""

    def __init__(self, error):
        super().__init__(error.text)
        self.code = error.code


class StanzaError(Exception):
    """What a handler raises to let the sender of a stanza be answered with an error, such as StanzaError("modify", "bad-request", "Why?")."""

    def __init__(self, kind, condition, text=""):
        super().__init__(condition)
        self.element = ET.Element("error", type=kind)
        ET.SubElement(self.element, "{%s}%s" % (STANZAS, condition))
        if text:
            ET.SubElement(self.element, "{%s}text" % STANZAS).text = text


def bare(jid):
    return jid.split("/", 1)[0]


class Event:
    """What a handler is given. What it changes, the server is told: the stanza, and values that are set."""

    def __init__(self, connection, message):
        self.name = message.name
        self.origin = connection.thing(message.origin) if message.HasField("origin") else None
        self.stanza = ET.fromstring(message.stanza) if message.stanza else None
        self._values = connection.dictionary(message.values)
        self._connection = connection
        self._sent = canonical(self.stanza)
        self._set = {}

    def __getitem__(self, name):
        return self._values.get(name)

    def __setitem__(self, name, value):
        self._values[name] = self._set[name] = value

    def changes(self):
        """The message with what has changed, None for nothing."""
        message = pb.Event(values=self._connection.entries(self._set))
        if canonical(self.stanza) != self._sent:
            message.stanza = b"" if self.stanza is None else ET.tostring(self.stanza)
        return message if self._set or message.HasField("stanza") else None


def canonical(element):
    return None if element is None else ET.canonicalize(ET.tostring(element))


class Thing:
    """Something of the server's: a module, a session, a store, a function. It is given back when nothing refers to it any more.

    thing["jid"] is one of its constants, which are listed at the message Ref."""

    def __init__(self, connection, ref):
        self.connection, self.number, self.kind = connection, ref.id, ref.kind
        self.constants = connection.dictionary(ref.constants)

    def __getitem__(self, name):
        return self.constants.get(name)

    def call(self, method, *args, **options):
        """Calls a method and waits for its results, a list. They are listed at the message Call."""
        return self.connection.call(self.number, method, args, **options)

    def cast(self, method, *args, **options):
        """Calls a method that has no answer. They are listed at the message Cast."""
        self.connection.cast(self.number, method, args, **options)

    def send(self, *args):
        """Sends a stanza to a session's client, or from a module's host: send(stanza) or send(session, stanza)."""
        if self.kind == pb.Ref.MODULE and len(args) == 1:
            args = (None, *args)
        self.cast("Send", *args, lane=bare(args[-1].get("from", "")))


class Module(Thing):
    """What a plugin's instance sees of the server."""

    def option(self, name, default=None):
        value = self.call("Option", name)[0]
        return default if value is None else value

    def store(self, kind, name=""):
        return self.call("OpenStore", name, kind)[0]

    def hook(self, event, handler, priority=0, serve=False):
        """Lets handler(event) answer an event of the host. Its result, if it is not None, is the answer and ends the event.

        With serve the event's sender does not wait: for stanzas that the plugin is there for."""
        self.cast("Hook", next(self.connection.numbers), self["host"], event, priority, handler, serve)

    def log(self, level, text, **details):
        self.cast("Log", level, text, details)

    def timer(self, delay, function):
        """Calls function() once, after so many seconds."""
        heapq.heappush(self.connection.timers, (time.monotonic() + delay, next(self.connection.numbers), function))


class Connection:
    """The stream with the server. All methods but feed, frames and end belong to the plugin's one thread."""

    def __init__(self, plugin):
        self.plugin = plugin
        self.arrived = queue.SimpleQueue()  # batches from the server, None at the end
        self.leaving = queue.SimpleQueue()  # frames to the server, None at the end
        self.unread = collections.deque()  # frames of the batch that is being read
        self.postponed = collections.deque()  # calls nobody waits for
        self.answers = {}  # by id of the call; None while there is none
        self.things = weakref.WeakValueDictionary()  # of the server's, by id
        self.given = {}  # functions of the plugin's, by id, each with how often it was given
        self.timers = []  # heap of (time, number, function)
        self.numbers = itertools.count(1)
        self.chains = self.numbers
        self.chain = 0  # that what is being run belongs to
        self.credit = 0

    # In gRPC's threads

    def feed(self, batches):
        """Takes what comes until the stream ends."""
        try:
            for batch in batches:
                self.arrived.put(batch)
        except Exception:  # gRPC's way to say that the other side is gone
            pass
        self.arrived.put(None)

    def frames(self):
        """What goes to the server."""
        while (frame := self.leaving.get()) is not None:
            yield pb.Batch(frames=[frame])

    def end(self):
        self.leaving.put(None)

    # Reading and running

    def run(self):
        """Does everything there is to do until the server ends the stream."""
        methods = [m for m in ("Save", "Restore", "Inherit", "Ready", "Unload") if hasattr(self.plugin, m.lower())]
        self.put(hello=pb.Hello(protocol=PROTOCOL, max_frame=MAX_FRAME, methods=methods))
        try:
            while True:
                self.wake()
                if self.postponed:
                    self.handle(self.postponed.popleft())
                elif frame := self.read(self.until_timer()):
                    self.handle(frame)
        except Gone:
            pass
        self.end()

    def read(self, timeout=None):
        """The next frame, None if there is none for so long."""
        if not self.unread:
            try:
                batch = self.arrived.get(timeout=timeout)
            except queue.Empty:
                return None
            if batch is None:
                raise Gone
            self.unread.extend(batch.frames)
        return self.unread.popleft() if self.unread else None

    def until_timer(self):
        return max(0, self.timers[0][0] - time.monotonic()) if self.timers else None

    def wake(self):
        """Runs the timers that are due, each in a chain of its own."""
        while self.timers and self.timers[0][0] <= time.monotonic():
            function = heapq.heappop(self.timers)[2]
            self.chain = next(self.chains)
            try:
                function()
            except Gone:
                raise
            except Exception:
                traceback.print_exc()  # the server logs what is written to the standard error
            self.chain = 0

    def handle(self, frame):
        body = frame.WhichOneof("body")
        if body == "call":
            self.answer(frame)
        elif body == "return":
            self.answers[frame.id] = getattr(frame, "return")
        elif body == "ping":
            self.put(pong=frame.ping)
        elif body == "credit":
            self.credit += frame.credit.bytes
        elif body == "release":
            self.release(frame.release)
        elif body == "hello":
            self.credit = frame.hello.credit
            self.chains = itertools.count(frame.hello.chain_base + 1)
        # Left are types of objects, answers to our pings, and casts that matter to who fires events or keeps options.

    def wait(self, done):
        """Runs what arrives until done() is true: the server may have to ask us something before it can answer.

        Stanzas that nobody waits for are put off, or a crowd of them would be handled one within the other."""
        while not done():
            frame = self.read()
            if frame and frame.call.deferred:
                self.postponed.append(frame)
            elif frame:
                self.handle(frame)

    # Calls of the server's

    def answer(self, frame):
        before, self.chain = self.chain, frame.chain
        message = pb.Return()
        try:
            event = Event(self, frame.call.event) if frame.call.HasField("event") else None
            results = self.invoke(frame.call, event)
            message.results.extend(self.pack(r) for r in results)
            if event and (changes := event.changes()):
                message.event.CopyFrom(changes)
        except Gone:
            raise
        except StanzaError as refusal:
            message.error.text, message.error.stanza_error = str(refusal), ET.tostring(refusal.element)
        except Exception as failure:
            message.error.text, message.error.stack = repr(failure), traceback.format_exc()
        self.chain = before
        self.put(chain=frame.chain, id=frame.id, **{"return": message})

    def invoke(self, call, event):
        """Runs what a call asks for and gives its results."""
        args = [self.unpack(a) for a in call.args]
        if call.target == 0:
            function = getattr(self.plugin, call.method.lower())
        else:
            function = self.given[call.target][0]
        result = function(*([event] if event else []), *args)
        return [] if result is None else [result]

    # Calls of ours

    def call(self, target, method, args):
        id = next(self.numbers)
        self.put(chain=self.chain, id=id, call=pb.Call(target=target, method=method, args=[self.pack(a) for a in args]))
        self.answers[id] = None
        self.wait(lambda: self.answers[id] is not None)
        answer = self.answers.pop(id)
        if answer.HasField("error"):
            raise Failure(answer.error)
        return [self.unpack(r) for r in answer.results]

    def cast(self, target, method, args, lane=""):
        cast = pb.Cast(target=target, method=method, args=[self.pack(a) for a in args])
        if lane:
            size = cast.ByteSize()
            self.wait(lambda: self.credit >= size)
            self.credit -= size
        self.put(chain=self.chain, lane=lane.encode(), cast=cast)

    def put(self, **fields):
        self.leaving.put(pb.Frame(**fields))

    # Values

    def pack(self, value):
        """A value of Python's as the wire has it."""
        if value is None:
            return pb.Value()
        if isinstance(value, bool):
            return pb.Value(bool=value)
        if isinstance(value, (int, float)):
            return pb.Value(number=value)
        if isinstance(value, str):
            return pb.Value(string=value.encode("utf-8", "surrogateescape"))
        if isinstance(value, ET.Element):
            return pb.Value(stanza=ET.tostring(value))
        if isinstance(value, (list, tuple)):
            return pb.Value(list=pb.List(values=[self.pack(v) for v in value]))
        if isinstance(value, dict):
            return pb.Value(map=pb.Map(entries=self.entries(value)))
        if isinstance(value, Thing):
            return pb.Value(ref=pb.Ref(id=value.number, yours=True, kind=value.kind))
        if callable(value):
            return pb.Value(ref=self.give(value))
        raise TypeError("no way to send a %s" % type(value).__name__)

    def entries(self, values):
        return [pb.Entry(name=name.encode("utf-8", "surrogateescape"), value=self.pack(v)) for name, v in values.items()]

    def unpack(self, value):
        """A value of the wire's as Python has it."""
        kind = value.WhichOneof("kind")
        if kind is None:
            return None
        content = getattr(value, kind)
        if kind == "string":
            return content.decode("utf-8", "surrogateescape")
        if kind in ("stanza", "error"):
            return ET.fromstring(content)
        if kind == "list":
            return [self.unpack(v) for v in content.values]
        if kind == "map":
            return self.dictionary(content.entries)
        if kind == "data":
            return {self.unpack(p.key): self.unpack(p.value) for p in content.pairs}
        if kind == "rows":
            return [[self.unpack(v) for v in row.values] for row in content.rows]
        if kind == "ref":
            return self.given[content.id][0] if content.yours else self.thing(content)
        return content

    def dictionary(self, entries):
        return {e.name.decode("utf-8", "surrogateescape"): self.unpack(e.value) for e in entries}

    # Things

    def give(self, function):
        """Lets the server call a function of ours until it has forgotten it."""
        for id, entry in self.given.items():
            if entry[0] == function:
                entry[1] += 1
                return pb.Ref(id=id, kind=pb.Ref.FUNCTION)
        id = next(self.numbers)
        self.given[id] = [function, 1]
        return pb.Ref(id=id, kind=pb.Ref.FUNCTION)

    def release(self, message):
        entry = self.given.get(message.id)
        if entry:
            entry[1] -= message.count
            if entry[1] <= 0:
                del self.given[message.id]

    def thing(self, ref):
        """The one Thing for what the server calls by this number."""
        thing = self.things.get(ref.id)
        if thing is None:
            thing = (Module if ref.kind == pb.Ref.MODULE else Thing)(self, ref)
            thing.times = [0]
            weakref.finalize(thing, self.forget, ref.id, thing.times).atexit = False
            self.things[ref.id] = thing
        thing.times[0] += 1
        return thing

    def forget(self, id, times):
        self.put(release=pb.Release(id=id, count=times[0]))
