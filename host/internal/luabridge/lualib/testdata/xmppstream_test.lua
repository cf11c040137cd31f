local t = require "test.harness";
local new_stream = require "util.xmppstream".new;

local header = "<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' to='a.example' version='1.0'>";

-- A stream that notes what is called back.
local function listen(callbacks, limit)
	local heard, session = {}, { notopen = true };
	local all = {
		default_ns = "jabber:server";
		streamopened = function (s, attr)
			s.notopen = nil;
			table.insert(heard, "opened " .. tostring(attr.to));
		end;
		streamclosed = function () table.insert(heard, "closed"); end;
		handlestanza = function (_, stanza)
			stanza.attr["xml:lang"] = nil; -- Prosody adds the stream's
			table.insert(heard, tostring(stanza));
		end;
		error = function (_, kind, details)
			table.insert(heard, "error " .. kind .. (type(details) == "string" and kind == "parse-error" and " " .. details or ""));
		end;
	};
	for name, callback in pairs(callbacks or {}) do
		all[name] = callback;
	end
	return new_stream(session, all, limit), heard, session;
end

t.case("a stream", function ()
	local stream, heard = listen();
	t.same((stream:feed(header .. "<message to='b'><body>x</body></message> <iq")) and true, true);
	t.same(heard, { "opened a.example", "<message to='b'><body>x</body></message>" });
	t.same((stream:feed(" type='get'/><y:a xmlns:y='urn:y'><b/></y:a></stream:stream>")) and true, true);
	t.same({ heard[3], heard[4], heard[5] }, { "<iq type='get'/>", "<a xmlns='urn:y'><b xmlns='jabber:server'/></a>", "closed" });
end);

t.case("one byte after the other", function ()
	local stream, heard = listen();
	for byte in (header .. "<a>&lt;<b/></a>"):gmatch(".") do
		stream:feed(byte);
	end
	t.same(heard, { "opened a.example", "<a>&lt;<b/></a>" });
end);

t.case("errors", function ()
	for data, want in pairs {
		["<html>"] = { "error no-stream" };
		[header .. "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"] = { "opened a.example", "error stream-error" };
		[header .. "<!-- x -->"] = { "opened a.example", "error parse-error restricted-xml" };
		[header .. "<a></b>"] = { "opened a.example" };
	} do
		local stream, heard = listen();
		stream:feed(data);
		t.same(heard, want);
	end
	local stream = listen();
	t.same((stream:feed(header .. "<a></b>")), nil);
end);

t.case("too large", function ()
	local stream, heard = listen(nil, 1000);
	t.same((stream:feed(header .. "<a/>")) and true, true);
	t.same({ stream:feed("<b>" .. ("x"):rep(2000)) }, { nil, "stanza-too-large" });
	t.same(heard, { "opened a.example", "<a/>" });
end);

t.case("another root", function ()
	local stream, heard = listen { stream_ns = "http://jabber.org/protocol/httpbind", stream_tag = "body", default_ns = "jabber:client" };
	stream:feed("<body to='c' xmlns='http://jabber.org/protocol/httpbind'><message xmlns='jabber:client'><body>x</body></message><z/></body>");
	t.same(heard, { "opened c", "<message><body>x</body></message>", "<z xmlns='http://jabber.org/protocol/httpbind'/>", "closed" });
end);

t.case("a stream that begins anew", function ()
	local stream, heard, session = listen();
	stream:feed(header .. "<a/>");
	session.notopen = true;
	stream:reset();
	stream:feed(header .. "<b/>");
	t.same(heard, { "opened a.example", "<a/>", "opened a.example", "<b/>" });
end);

if OURS then
	t.case("what follows a request for TLS in the clear is dropped", function ()
		local stream, heard, session;
		stream, heard, session = listen { handlestanza = function (_, stanza)
			table.insert(heard, stanza.name);
			session.notopen = true;
			stream:reset();
		end };
		t.same((stream:feed(header .. "<starttls/>" .. header .. "<auth/>")) and true, true);
		t.same(heard, { "opened a.example", "starttls" });
	end);
end

t.case("opening ours", function ()
	local stream, _, session = listen(); -- luacheck: ignore 211/stream
	session.version, session.host, session.streamid = 1, "a.example", "id1";
	function session.send(text) session.sent = text; end
	session:open_stream(nil, "b.example");
	for _, part in ipairs { "^<%?xml version='1.0'%?><stream:stream ", " id='id1'", " from='a.example'", " to='b.example'", " version='1.0'", " xmlns='jabber:server'" } do
		t.same({ part, session.sent:find(part) ~= nil }, { part, true });
	end
end);

return t.finish();
