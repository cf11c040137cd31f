-- util.adminstream: the protocol between the server and its shell: XML streams in the namespace xmpp:prosody.im/admin, over a socket of
-- the file system. server(sessions, handler) gives the listeners of the server's side, and events ("disconnected"): handler(session, stanza) is called for what a client
-- sends. client() is the other side, with events "connected", "disconnected", "received/NAME"; connection(path, listeners) connects it.

local async = require "util.async";
local events = require "util.events";
local new_stream = require "util.xmppstream".new;
local sessionlib = require "util.session";
local st = require "util.stanza";
local log = require "util.logger".init("adminstream");

local ns_errors = "urn:ietf:params:xml:ns:xmpp-streams";
local callbacks = { default_ns = "xmpp:prosody.im/admin" };

local function destroy(session, reason)
	if session.destroyed then return; end
	session.destroyed = true;
	session.log("debug", "Session ends: %s", reason or "unknown reason");
end

local function error_stanza(reason)
	if st.is_stanza(reason) then return reason; end
	if type(reason) == "string" then reason = { condition = reason }; end
	local element = st.stanza("stream:error"):tag(reason.condition or "undefined-condition", { xmlns = ns_errors }):up();
	if reason.text then
		element:tag("text", { xmlns = ns_errors }):text(reason.text):up();
	end
	return element;
end

-- reason: a condition, {condition, text}, a stanza; nil or false for an end without an error.
local function close(session, reason)
	local conn = session.conn;
	if conn and not session.destroyed then
		if session.notopen then
			session:open_stream();
		end
		if reason then
			session.send(error_stanza(reason));
		end
		session.send("</stream:stream>");
		function session.send() return false; end
	end
	destroy(session, type(reason) == "table" and (reason.text or reason.condition) or reason or nil);
	if conn then
		conn:close();
	end
end

function callbacks.streamopened(session, attr)
	session.thread:run({ stream = "opened", attr = attr });
end

function callbacks.streamclosed(session)
	session.thread:run({ stream = "closed" });
end

function callbacks.handlestanza(session, stanza)
	session.thread:run(stanza);
end

function callbacks.error(session, kind, data)
	if kind == "stream-error" then
		session.log("info", "The other side reports an error: %s", data);
		session:close(false);
	else
		session.log("debug", "%s: %s", kind, data);
		session:close(kind == "no-stream" and "invalid-namespace" or "not-well-formed");
	end
end

-- What a session of either side begins with. on are its callbacks: stanza, opened, closed.
local function start(session, conn, on)
	session.conn = conn;
	session.close = close;
	session.notopen = true;
	session.stream = new_stream(session, callbacks);
	session.thread = async.runner(function (item)
		if st.is_stanza(item) then
			on.stanza(item);
		else
			on[item.stream](item.attr);
		end
	end, { error = function (_, err) session.log("error", "Handling a request failed: %s", err); end });
	function session.rawsend(data)
		local ok, err = conn:write(data);
		if not ok then
			return false, err;
		end
		return true;
	end
	function session.send(data)
		return session.rawsend(tostring(data));
	end
	function session.data(data)
		local ok, err = session.stream:feed(data);
		if not ok and not session.destroyed then
			session.log("debug", "Received invalid XML (%s): %q", err, data:sub(1, 300));
			session:close("not-well-formed");
		end
	end
end

local function server(sessions, handler)
	local listeners, bus = {}, events.new();

	function listeners.onconnect(conn)
		local session = sessionlib.set_conn(sessionlib.set_logger(sessionlib.set_id(sessionlib.new("admin"))), conn);
		session.type, session.conntime = "admin", os.time();
		start(session, conn, {
			opened = function ()
				session:open_stream();
				session.notopen = nil;
			end;
			closed = function () session:close(false); end;
			stanza = function (stanza) handler(session, stanza); end;
		});
		sessions[conn] = session;
	end

	function listeners.onincoming(conn, data)
		if sessions[conn] then
			sessions[conn].data(data);
		end
	end

	function listeners.ondisconnect(conn, err)
		local session = sessions[conn];
		if session then
			sessions[conn], session.conn = nil, nil;
			destroy(session, err or "connection closed");
			bus.fire_event("disconnected", { session = session, origin = session });
		end
	end

	function listeners.onreadtimeout(conn)
		return conn:send(" ");
	end

	return { events = bus, listeners = listeners };
end

local function client()
	local session = { type = "client", events = events.new(), log = log };
	local listeners = {};

	function listeners.onconnect(conn)
		session.destroyed = nil;
		start(session, conn, {
			opened = function ()
				session.notopen = nil;
				session.events.fire_event("connected");
			end;
			closed = function ()
				session.events.fire_event("disconnected");
				session:close(false);
			end;
			stanza = function (stanza)
				if not session.events.fire_event("received", stanza) and not stanza.attr.xmlns then
					session.events.fire_event("received/" .. stanza.name, stanza);
				end
			end;
		});
		session:open_stream();
	end

	function listeners.onincoming(_, data)
		session.data(data);
	end

	function listeners.ondisconnect(_, err)
		session.conn = nil;
		destroy(session, err or "connection closed");
		session.events.fire_event("disconnected");
	end

	session.listeners = listeners;
	return session;
end

local function connection(path, listeners)
	local conn;
	return {
		connect = function ()
			if conn then
				return nil, "already connected";
			end
			local socket = require "socket.unix".stream();
			local ok, err = socket:connect(path);
			if not ok then
				return nil, err;
			end
			conn = require "net.server".wrapclient(socket, path, 0, listeners, "*a");
			return true;
		end;
		disconnect = function ()
			if conn then
				conn:close();
				conn = nil;
			end
			return true;
		end;
	};
end

return { server = server, client = client, connection = connection };
