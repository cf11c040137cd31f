-- watch:log, stanzas

local filters = require "util.filters";
local jid = require "util.jid";
local logger = require "util.logger";

local levels = { "debug", "info", "warn", "error" };

-- A watch lasts until the same command comes again, or the shell ends.
local function toggle(session, name, begin)
	session.watches = session.watches or {};
	session.on_end = session.on_end or {};
	if session.watches[name] then
		session.watches[name]();
		return true, "No longer";
	end
	local finish = begin();
	local function stop()
		if session.watches[name] ~= stop then return; end
		session.watches[name] = nil;
		finish();
	end
	session.watches[name] = stop;
	table.insert(session.on_end, stop);
	return true, "Until you say this again, or end the shell";
end

local function watch_log(self, level)
	level = level or "info";
	local wanted = {};
	for i = #levels, 1, -1 do
		table.insert(wanted, levels[i]);
		if levels[i] == level then break; end
		if i == 1 then return nil, ("a level is one of %s"):format(table.concat(levels, ", ")); end
	end
	local session = self.session;
	return toggle(session, "log", function ()
		local sink = logger.add_simple_sink(function (source, at, message, ...)
			session.print(("%s %-5s %s"):format(source or "", at, select("#", ...) > 0 and message:format(...) or message));
		end, wanted);
		return function () logger.remove_sink(sink); end;
	end);
end

local function is_about(target, session, stanza)
	if not target then return true; end
	for _, address in ipairs { session.full_jid or "", stanza.attr.to or "", stanza.attr.from or "" } do
		if address == target or jid.bare(address) == target or jid.host(address) == target then return true; end
	end
end

-- Sees the stanzas of clients' streams, with an arrow for their way.
local function watch_stanzas(self, target)
	local session = self.session;
	return toggle(session, "stanzas "..(target or ""), function ()
		local watched = {};
		local function shows(arrow)
			return function (stanza, on)
				if is_about(target, on, stanza) then
					session.print(("%s %s %s"):format(arrow, on.full_jid or on.id or "", tostring(stanza)));
				end
				return stanza;
			end;
		end
		local incoming, outgoing = shows("->"), shows("<-");
		local function watch(on)
			watched[on] = true;
			filters.add_filter(on, "stanzas/in", incoming, 1000);
			filters.add_filter(on, "stanzas/out", outgoing, -1000);
		end
		for _, on in pairs(prosody.full_sessions) do watch(on); end
		filters.add_filter_hook(watch);
		return function ()
			filters.remove_filter_hook(watch);
			for on in pairs(watched) do
				filters.remove_filter(on, "stanzas/in", incoming);
				filters.remove_filter(on, "stanzas/out", outgoing);
			end
		end;
	end);
end

return function (add)
	local command = add("watch", "See what happens, as it happens");
	command("log", "Show the log, from a level on", { { name = "level"; type = "string" } }, watch_log);
	command("stanzas", "Show the stanzas of clients, those of an address or all", { { name = "jid"; type = "string" } }, watch_stanzas);
end;
