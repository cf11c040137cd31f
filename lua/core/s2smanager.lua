-- core.s2smanager: the sessions of streams between servers, which modules open and read. prosody.incoming_s2s has those that others have
-- opened, prosody.hosts[HOST].s2sout those that a host of ours has opened, by the other's name.

local sessions = require "util.session";
local log = require "util.logger".init("s2smanager");

local incoming = prosody.incoming_s2s;

local function new(direction, kind)
	local session = sessions.new(kind);
	sessions.set_id(session);
	sessions.set_logger(session);
	session.direction = direction;
	session[direction] = true;
	session.hosts = {};
	return session;
end

local function new_incoming(conn)
	local session = sessions.set_conn(new("incoming", "s2sin"), conn);
	incoming[session] = true;
	return session;
end

local function new_outgoing(from_host, to_host)
	local session = new("outgoing", "s2sout");
	session.from_host, session.to_host, session.host = from_host, to_host, from_host;
	session.notopen = true;
	prosody.hosts[from_host].s2sout[to_host] = session;
	return session;
end

-- What an ended session still answers, to those who hold it.
local resting = {
	destroyed = true;
	type = "s2s_destroyed";
	direction = "destroyed";
	filter = function (_, data) return data; end;
};
for _, name in ipairs { "open_stream", "close", "reset_stream" } do
	resting[name] = function (session)
		session.log("debug", "Attempt to %s on a session that has ended", name);
	end;
end
resting.__index = resting;

local function retire_session(session, reason)
	local session_log = session.log or log;
	for key in pairs(session) do
		if key ~= "log" and key ~= "id" and key ~= "conn" then
			session[key] = nil;
		end
	end
	session.destruction_reason = reason;
	local function discard(data)
		session_log("debug", "Discarding data of a session that has ended: %s", data);
	end
	session.send, session.sends2s, session.data = discard, discard, discard;
	session.thread = { run = function (_, data) return session.data(data); end };
	return setmetatable(session, resting);
end

local function forget_outgoing(from_host, to_host, session)
	local host = prosody.hosts[from_host];
	if host and host.s2sout[to_host] == session then
		host.s2sout[to_host] = nil;
	end
end

local function destroy_session(session, reason, bounce_reason)
	if session.destroyed then return; end
	local own = session.direction == "outgoing" and session.from_host or session.to_host;
	if session.direction == "outgoing" then
		forget_outgoing(session.from_host, session.to_host, session);
		session:bounce_sendq(bounce_reason or reason);
	elseif session.direction == "incoming" then
		if session.outgoing then -- both directions on one stream
			forget_outgoing(session.to_host, session.from_host, session);
		end
		incoming[session] = nil;
	end
	local event = { session = session, reason = reason };
	prosody.events.fire_event("s2s-destroyed", event);
	if session.type == "s2sout" or session.type == "s2sin" then
		local name = session.type .. "-destroyed";
		prosody.events.fire_event(name, event);
		if prosody.hosts[own] then
			prosody.hosts[own].events.fire_event(name, event);
		end
	end
	retire_session(session, reason);
	return true;
end

return {
	incoming_s2s = incoming;
	new_incoming = new_incoming;
	new_outgoing = new_outgoing;
	retire_session = retire_session;
	destroy_session = destroy_session;
};
