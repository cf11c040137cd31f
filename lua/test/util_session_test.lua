local t = require "test.harness";

-- The server's libraries, as far as sessions need them.
package.preload["util.logger"] = function ()
	return { init = function () return function () end; end };
end;
package.preload["util.filters"] = function ()
	return { initialize = function ()
		return function (kind, data)
			if kind == "bytes/out" and data == "secret" then return nil; end
			return data;
		end;
	end };
end;

local sessions = require "util.session";

local function connection()
	local conn = { sent = {} };
	function conn:ip() return "192.0.2.1"; end
	function conn:write(data)
		if data == "too much" then return nil, "closed"; end
		table.insert(self.sent, data);
		return #data;
	end
	return conn;
end

t.case("a session begins", function ()
	local session = sessions.set_logger(sessions.set_id(sessions.new("s2sin")));
	t.same({ session.type, session.base_type, (session.id:gsub("%x+$", "")), type(session.log) }, { "s2sin_unauthed", "s2sin", "s2sin", "function" });
end);

t.case("sending", function ()
	local session, conn = sessions.set_logger(sessions.set_id(sessions.new("x"))), connection();
	t.same(sessions.set_send(session).send("lost"), false);
	sessions.set_send(sessions.set_conn(session, conn));
	local stanza = setmetatable({ name = "a" }, { __tostring = function () return "<a/>"; end });
	t.same({ session.ip, session.send("b"), session.send(stanza), session.send("secret") }, { "192.0.2.1", true, true, true });
	t.same({ session.send("too much") }, { false, "closed" });
	t.same(conn.sent, { "b", "<a/>" });
end);

return t.finish();
