-- s2s:show, close, closeall

local format = module:require "format";

-- All sessions with other servers: a list of tables with session, dir, host (ours) and remote.
local function sessions(pattern)
	local list = {};
	local function take(session, dir, host, remote)
		if not pattern or host == pattern or remote == pattern then
			table.insert(list, { session = session; dir = dir; host = host or ""; remote = remote or "" });
		end
	end
	for host, x in pairs(prosody.hosts) do
		for remote, session in pairs(x.s2sout or {}) do take(session, "out", host, remote); end
	end
	for session in pairs(prosody.incoming_s2s or {}) do take(session, "in", session.to_host, session.from_host); end
	table.sort(list, function (a, b) return a.host..a.remote..a.dir < b.host..b.remote..b.dir; end);
	return list;
end

local function show(self, pattern)
	local rows = {};
	for _, s in ipairs(sessions(pattern)) do
		table.insert(rows, { host = s.host; dir = s.dir == "out" and "->" or "<-"; remote = s.remote; type = s.session.type or ""; secure = s.session.secure and "yes" or "no" });
	end
	format.print_rows(self.session, {
		{ title = "Host"; key = "host"; width = "35%" }, { title = ""; key = "dir"; width = 3 }, { title = "Server"; key = "remote"; width = "35%" },
		{ title = "State"; key = "type"; width = "20%" }, { title = "TLS"; key = "secure"; width = 4 },
	}, rows);
	return true, format.count(#rows, "session");
end

local function close(list, text, condition)
	for _, s in ipairs(list) do
		s.session:close({ condition = condition or "undefined-condition"; text = text });
	end
	return true, "Closed "..format.count(#list, "session");
end

return function (add)
	local command = add("s2s", "List and end the sessions with other servers");
	local domain = { name = "domain"; type = "string" };
	local reason = { { name = "text"; type = "string" }, { name = "condition"; type = "string" } };
	command("show", "List sessions: of a domain, or all", { domain }, show);
	command("close", "End the sessions of a host of ours with another", { { name = "from"; type = "string" }, { name = "to"; type = "string" }, unpack(reason) },
		function (_, from, to, text, condition)
			if not from then return nil, "with which domain?"; end
			local list = {};
			for _, s in ipairs(sessions(from)) do
				if not to or s.host == to or s.remote == to then table.insert(list, s); end
			end
			if #list == 0 then return nil, "there is no such session"; end
			return close(list, text, condition);
		end);
	command("closeall", "End all sessions of a domain, or of all", { domain, unpack(reason) }, function (_, pattern, text, condition)
		return close(sessions(pattern), text, condition);
	end);
end;
