-- c2s:show, show_tls, count, close, closeall

local jid = require "util.jid";

local format = module:require "format";

local function address_of(session)
	return session.full_jid or jid.join(session.username, session.host, session.resource) or "";
end

-- All sessions of clients, also those that are not bound yet, by address. pattern is a JID (bare or full), a host, or part of an address.
local function sessions(pattern)
	local list, seen = {}, {};
	local function take(session)
		local address = address_of(session);
		if not seen[session] and (not pattern or address == pattern or jid.bare(address) == pattern or session.host == pattern or address:find(pattern, 1, true)) then
			seen[session] = true;
			table.insert(list, session);
		end
	end
	for _, session in pairs(prosody.full_sessions) do take(session); end
	for _, session in pairs(module:shared("/*/c2s/sessions")) do
		if session.type and session.type:sub(1, 3) == "c2s" then take(session); end
	end
	table.sort(list, function (a, b) return address_of(a) < address_of(b); end);
	return list;
end

local function presence_of(session)
	local presence = session.presence;
	if not presence then return session.type == "c2s" and "unavailable" or session.type; end
	return presence:get_child_text("show") or "available";
end

local function show(self, pattern)
	local rows = {};
	for _, session in ipairs(sessions(pattern)) do
		table.insert(rows, {
			id = session.id or ""; jid = address_of(session); ip = session.ip or ""; secure = session.secure and "yes" or "no";
			presence = presence_of(session); priority = tostring(session.priority or "");
			extras = (session.smacks and "sm " or "")..(session.hibernating and "hibernating " or "")..(session.state == "inactive" and "inactive" or "");
		});
	end
	format.print_rows(self.session, {
		{ title = "Address"; key = "jid"; width = "45%" }, { title = "From"; key = "ip"; width = "20%" }, { title = "TLS"; key = "secure"; width = 4 },
		{ title = "Presence"; key = "presence"; width = 12 }, { title = "Prio"; key = "priority"; width = 5 }, { title = "State"; key = "extras"; width = "20%" },
	}, rows);
	return true, format.count(#rows, "session");
end

local function show_tls(self, pattern)
	local rows = {};
	for _, session in ipairs(sessions(pattern)) do
		local info = session.conn and session.conn.ssl_info and session.conn:ssl_info() or {};
		table.insert(rows, { jid = address_of(session); protocol = info.protocol or (session.secure and "TLS" or "none"); cipher = info.cipher or "" });
	end
	format.print_rows(self.session, {
		{ title = "Address"; key = "jid"; width = "50%" }, { title = "Protocol"; key = "protocol"; width = 10 }, { title = "Cipher"; key = "cipher"; width = "50%" },
	}, rows);
	return true, format.count(#rows, "session");
end

local function close_all(list, text, condition)
	for _, session in ipairs(list) do
		session:close({ condition = condition or "reset"; text = text });
	end
	return true, ("Closed %s"):format(format.count(#list, "session"));
end

return function (add)
	local command = add("c2s", "List and end the sessions of clients");
	local address = { name = "jid"; type = "string" };
	local reason = { { name = "text"; type = "string" }, { name = "condition"; type = "string" } };

	command("show", "List sessions: of an account, of a host, of all", { address }, show);
	command("show_tls", "List how sessions are encrypted", { address }, show_tls);
	command("count", "Count sessions", { address }, function (_, pattern)
		return true, format.count(#sessions(pattern), "session");
	end);
	command("close", "End the sessions of an address", { address, unpack(reason) }, function (_, pattern, text, condition)
		if not pattern then return nil, "whose sessions? (all of them: c2s:closeall)"; end
		local list = sessions(pattern);
		if #list == 0 then return nil, "there is no session of "..pattern; end
		return close_all(list, text, condition);
	end);
	command("closeall", "End all sessions", reason, function (_, text, condition)
		return close_all(sessions(), text, condition);
	end);
end;
