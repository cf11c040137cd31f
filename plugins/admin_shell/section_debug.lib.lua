-- debug:events, logevents, timers

local format = module:require "format";

local function events_of(host)
	if not host or host == "*" or host == "global" then return prosody.events; end
	return prosody.hosts[host] and prosody.hosts[host].events;
end

local function list(self, host, name)
	local bus = events_of(host);
	if not bus then return nil, "there is no host "..host; end
	local rows = {};
	for event, handlers in pairs(bus._handlers) do
		if not name or event == name then
			table.insert(rows, { event = event; handlers = ("%d"):format(#handlers) });
		end
	end
	table.sort(rows, function (a, b) return a.event < b.event; end);
	format.print_rows(self.session, { { title = "Event"; key = "event"; width = "100%" }, { title = "Handlers"; key = "handlers"; width = 8 } }, rows);
	return true, format.count(#rows, "event");
end

-- Shows each handler that runs until the shell ends, or the command comes again.
local function log_events(self, host)
	local bus, session = events_of(host), self.session;
	if not bus then return nil, "there is no host "..host; end
	session.logged = session.logged or {};
	if session.logged[bus] then
		session.logged[bus]();
		return true, "Events are not shown any more";
	end
	local function stop()
		session.logged[bus] = nil;
		bus.set_debug_hook();
	end
	session.logged[bus] = stop;
	session.on_end = session.on_end or {};
	table.insert(session.on_end, stop);
	bus.set_debug_hook(function (handler, event, data)
		local result = handler(data);
		if not event:find("^admin") then
			session.print(("%s -> %s"):format(event, tostring(result)));
		end
		return result;
	end);
	return true, "Events are shown until you say this again, or end the shell";
end

return function (add)
	local command = add("debug", "See what happens inside");
	local host = { name = "host"; type = "string" };
	command("events", "List the events that are hooked, of the server or a host", { host, { name = "event"; type = "string" } }, list);
	command("logevents", "Show the events of the server or a host as they happen", { host }, log_events);
end;
