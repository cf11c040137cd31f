local t = require "test.harness";

package.preload["util.filters"] = function () return { initialize = function () end }; end;
package.preload["util.logger"] = package.preload["util.logger"] or function ()
	return { init = function () return function () end; end };
end;

local adminstream = require "util.adminstream";
local st = require "util.stanza";

-- A connection that only remembers what is written.
local function connection()
	local conn = { out = "" };
	function conn:ip() return "local"; end
	function conn:write(data) self.out = self.out .. data; return #data; end
	conn.send = conn.write;
	function conn:close() self.closed = true; end
	return conn;
end

local header = "<stream:stream xmlns='xmpp:prosody.im/admin' xmlns:stream='http://etherx.jabber.org/streams'>";

t.case("the server's side", function ()
	local sessions, got = {}, {};
	local listeners = adminstream.server(sessions, function (session, stanza)
		table.insert(got, stanza:get_text());
		session.send(st.stanza("repl-result"):text("done"));
	end).listeners;
	local conn = connection();
	listeners.onconnect(conn);
	listeners.onincoming(conn, header);
	t.same({ conn.out:match("^<%?xml version='1%.0'%?><stream:stream ") and true, sessions[conn].type }, { true, "admin" });
	conn.out = "";
	listeners.onincoming(conn, "<repl-input>one</repl-in");
	listeners.onincoming(conn, "put><repl-input>two</repl-input>");
	t.same(got, { "one", "two" });
	t.same(conn.out, "<repl-result>done</repl-result><repl-result>done</repl-result>");
	listeners.onincoming(conn, "</stream:stream>");
	t.same({ conn.closed, sessions[conn].destroyed }, { true, true });
	listeners.ondisconnect(conn);
	t.same(sessions[conn], nil);
end);

t.case("what is not XML", function ()
	local sessions = {};
	local listeners = adminstream.server(sessions, function () end).listeners;
	local conn = connection();
	listeners.onconnect(conn);
	listeners.onincoming(conn, header .. "<a></b>");
	t.same({ conn.closed, conn.out:find("not%-well%-formed", 1) and true }, { true, true });
end);

t.case("the client's side", function ()
	local client, heard = adminstream.client(), {};
	for _, name in ipairs { "connected", "disconnected", "received/repl-result" } do
		client.events.add_handler(name, function (stanza) table.insert(heard, name .. (stanza and ":" .. stanza:get_text() or "")); end);
	end
	local conn = connection();
	client.listeners.onconnect(conn);
	t.same(conn.out:find("<stream:stream ", 1, true) and true, true);
	client.listeners.onincoming(conn, header .. "<repl-result>x</repl-result>");
	client.listeners.ondisconnect(conn);
	t.same(heard, { "connected", "received/repl-result:x", "disconnected" });
end);

return t.finish();
