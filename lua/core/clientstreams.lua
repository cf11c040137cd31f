-- core.clientstreams: streams of clients on connections that modules have: the listener of the service "c2s". Clients that connect to the
-- server's own ports are served by the core; these come over something else, as WebSocket or a shared port. Their sessions are the tables
-- made here, which become sessions of the core with the first stream tag.

local async = require "util.async";
local config = require "core.configmanager";
local filters = require "util.filters";
local new_id = require "util.uuid".generate;
local new_stream = require "util.xmppstream".new;
local nameprep = require "util.encodings".stringprep.nameprep;
local sessionlib = require "util.session";
local st = require "util.stanza";
local timer = require "util.timer";
local log = require "util.logger".init("clientstreams");

local ns_errors = "urn:ietf:params:xml:ns:xmpp-streams";
local ns_tls = "urn:ietf:params:xml:ns:xmpp-tls";

local listener = {};
local callbacks = { default_ns = "jabber:client" };

local function manager()
	return require "core.sessionmanager"; -- not at the top: it has new_session from here
end

local function connections()
	return manager()._connections;
end

-- A session with ways out to a connection: send(stanza or text) and rawsend(text). Modules give a connection to another session by assigning to
-- what these functions refer to: "session" and "conn" of rawsend, "session" and "filter" of send.
local function new_session(conn)
	local session = sessionlib.set_conn(sessionlib.set_logger(sessionlib.set_id(sessionlib.new("c2s"))), conn);
	session.conntime = os.time();
	local filter = filters.initialize(session);
	function session.rawsend(data)
		data = filter("bytes/out", tostring(data));
		if data and not conn:write(data) then
			session.log("debug", "What is sent is lost, the connection is closed");
			return false, "closed";
		end
		return true;
	end
	function session.send(data)
		if st.is_stanza(data) then
			data = filter("stanzas/out", data);
		end
		if data then
			return session.rawsend(data);
		end
		return true;
	end
	return session;
end

local function error_stanza(reason)
	if st.is_stanza(reason) then
		return reason;
	end
	local condition, text = reason, nil;
	if type(reason) == "table" then
		condition, text = reason.condition or "undefined-condition", reason.text;
	end
	local element = st.stanza("stream:error"):tag(condition, { xmlns = ns_errors }):up();
	if text and text ~= "" then
		element:tag("text", { xmlns = ns_errors }):text(text):up();
	end
	if type(reason) == "table" and reason.extra then
		element:add_child(reason.extra);
	end
	return element;
end

local function reason_text(reason)
	return reason and (type(reason) == "string" and reason or reason.text or reason.condition or tostring(reason)) or nil;
end

-- reason: a condition, {condition, text, extra}, a stanza; nil or false for an end without an error.
local function close(session, reason)
	local conn = session.conn;
	if session.destroyed then return; end
	if prosody.hosts[session.host] then
		prosody.hosts[session.host].events.fire_event("pre-session-close", { session = session, reason = reason });
	end
	if not conn then
		manager().destroy_session(session, reason_text(reason));
		return;
	end
	if session.notopen then
		session:open_stream();
	end
	if reason then
		session.send(error_stanza(reason));
	end
	session.send("</stream:stream>");
	connections()[conn] = nil;
	manager().destroy_session(session, reason_text(reason));
	conn:close();
end

-- STARTTLS (RFC 6120 §5), where the host has it and the connection can.
local function can_encrypt(session)
	return not session.secure and session.conn.starttls and session.type == "c2s_unauthed"
		and require "core.modulemanager".is_loaded(session.host, "tls");
end

local function offer_encryption(session, features)
	features:tag("starttls", { xmlns = ns_tls });
	if config.get(session.host, "c2s_require_encryption") ~= false then
		features:tag("required"):up();
	end
	features:up();
end

local function encrypt(session)
	local ctx, err = require "core.certmanager".create_context(session.host, "server", config.get(session.host, "c2s_ssl"));
	if not can_encrypt(session) or not ctx then
		session.log("warn", "The stream cannot be encrypted: %s", err);
		session.send(st.stanza("failure", { xmlns = ns_tls }));
		return session:close(false);
	end
	session.send(st.stanza("proceed", { xmlns = ns_tls }));
	session.reset_stream();
	session.conn:starttls(ctx);
end

local function opened(session, attr)
	local host = attr.to and nameprep(attr.to);
	session.version = tonumber(attr.version) or 0;
	session.streamid = new_id();
	if not host or not prosody.hosts[host] or prosody.hosts[host].type ~= "local" then
		return session:close { condition = host and "host-unknown" or "improper-addressing", text = "This server does not serve " .. tostring(attr.to) };
	elseif session.host and session.host ~= host then
		return session:close { condition = "not-authorized", text = "The stream was opened to another host" };
	end
	session.host = host;
	session.secure = session.secure or session.conn:ssl() or nil;
	session:open_stream(host, attr.from);
	session.notopen = nil;
	local features = st.stanza("stream:features");
	if can_encrypt(session) then
		offer_encryption(session, features);
	end
	prosody.hosts[host].events.fire_event("stream-features", { origin = session, features = features, stream = attr });
	if not features.tags[1] and not session.full_jid then
		return session:close { condition = "undefined-condition", text = "No stream features to proceed with" };
	end
	session.send(features);
end

-- What a stream brings is handled in order, also where a handler waits.
local function handle(item)
	local session = item.session;
	if session.destroyed then
		return;
	elseif item.opened then
		opened(session, item.opened);
	elseif item.closed then
		session:close(false);
	elseif item.stanza.name == "starttls" and item.stanza.attr.xmlns == ns_tls then
		encrypt(session);
	else
		prosody.core_process_stanza(session, item.stanza);
	end
end

local function error_of(err)
	log("error", "Handling what a client has sent failed: %s", err);
end

function callbacks.streamopened(session, attr)
	session.thread:run({ session = session, opened = attr });
end

function callbacks.streamclosed(session)
	session.thread:run({ session = session, closed = true });
end

function callbacks.handlestanza(session, stanza)
	stanza = session.filter("stanzas/in", stanza);
	if stanza then
		session.thread:run({ session = session, stanza = stanza });
	end
end

function callbacks.error(session, kind, data)
	if kind == "no-stream" then
		session:close("invalid-namespace");
	elseif kind == "stream-error" then
		session.log("info", "The client reports a stream error: %s", data);
		session:close(false);
	else
		session:close(data == "restricted-xml" and data or "not-well-formed");
	end
end

local function read(session, data)
	data = session.filter("bytes/in", data);
	if not data or data == "" then return; end
	local ok, err = session.stream:feed(data);
	if ok or session.destroyed then return; end
	session.log("debug", "Received invalid XML (%s): %q", err, data:sub(1, 300));
	if err == "stanza-too-large" then
		session:close { condition = "policy-violation", text = "XML stanza is too big" };
	else
		session:close("not-well-formed");
	end
end

function listener.onconnect(conn)
	local session = new_session(conn);
	connections()[conn] = session;
	session.notopen = true;
	session.close = close;
	session.dispatch_stanza = callbacks.handlestanza;
	session.stream = new_stream(session, callbacks, config.get("*", "c2s_stanza_size_limit"));
	session.thread = async.runner(handle, { error = function (_, err) error_of(err); end });
	function session.data(data) read(session, data); end
	function session.reset_stream()
		session.notopen = true;
		session.stream:reset();
	end
	timer.add_task(config.get("*", "c2s_timeout") or 300, function ()
		if session.type == "c2s_unauthed" and not session.destroyed then
			session:close("connection-timeout");
		end
	end);
end

function listener.onincoming(conn, data)
	local session = connections()[conn];
	if session then
		session.data(data);
	end
end

function listener.ondisconnect(conn, err)
	local session = connections()[conn];
	connections()[conn] = nil;
	if session and not session.destroyed then
		session.conn = nil;
		manager().destroy_session(session, err or "connection closed");
	end
end

function listener.ondetach(conn)
	connections()[conn] = nil;
end

local function told(event)
	return function (conn)
		local session = connections()[conn];
		if session then
			return (prosody.hosts[session.host] or prosody).events.fire_event(event, { session = session });
		end
	end
end
listener.onreadtimeout = told("c2s-read-timeout");
listener.ondrain = told("c2s-ondrain");
listener.onpredrain = told("c2s-pre-ondrain");

return { new_session = new_session, listener = listener };
