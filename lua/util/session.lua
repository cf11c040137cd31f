-- util.session: the parts that sessions of modules begin with.

local filters = require "util.filters";
local logger = require "util.logger";

local function new(kind)
	return { type = kind .. "_unauthed", base_type = kind };
end

local function set_id(session)
	session.id = session.base_type .. tostring(session):match("%x+$"):lower();
	return session;
end

local function set_logger(session)
	session.log = logger.init(session.id);
	return session;
end

local function set_conn(session, conn)
	session.conn = conn;
	session.ip = conn:ip();
	return session;
end

-- session.send(stanza or text) writes to the connection, through the session's filters.
local function set_send(session)
	local conn = session.conn;
	if not conn then
		function session.send(data)
			session.log("debug", "Discarding data sent to a session without a connection: %s", data);
			return false;
		end
		return session;
	end
	local filter = filters.initialize(session);
	function session.send(data)
		if type(data) ~= "string" and data.name then
			data = filter("stanzas/out", data);
		end
		data = data and filter("bytes/out", tostring(data));
		if data then
			local ok, err = conn:write(data);
			if not ok then
				session.log("debug", "Error writing to connection: %s", err);
				return false, err;
			end
		end
		return true;
	end
	return session;
end

return { new = new, set_id = set_id, set_logger = set_logger, set_conn = set_conn, set_send = set_send };
