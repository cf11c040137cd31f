-- util.helpers: looking into event buses (util.events) and functions while debugging.

local log = require "util.logger".init("util.debug");

-- Logs each event that is fired, each handler that runs and what ended it, until reverted.
local function log_events(events, name, logger)
	local fire = assert(events.fire_event, "not an object with events");
	logger, name = logger or log, name or tostring(events);
	function events.fire_event(event, ...)
		logger("debug", "%s fires %s", name, event);
		return fire(event, ...);
	end
	events.set_debug_hook(function (handler, event, data)
		logger("debug", "%s: handler %s", event, handler);
		local result = handler(data);
		if result ~= nil then
			logger("debug", "%s: ended by %s with %s", event, handler, result);
		end
		return result;
	end);
	events[events.fire_event] = fire;
	return events;
end

local function revert_log_events(events)
	local logged = events.fire_event;
	events.fire_event, events[logged] = events[logged], nil;
	events.set_debug_hook(nil);
end

local function log_host_events(host)
	return log_events(prosody.hosts[host].events, host);
end

local function revert_log_host_events(host)
	return revert_log_events(prosody.hosts[host].events);
end

-- A text with the handlers of one event or all, and their priorities where the bus tells them.
local function show_events(events, only)
	local names, lines, map = {}, {}, events._event_map or {};
	for event in pairs(events._event_map or events._handlers) do
		if not only or event == only then names[#names+1] = event; end
	end
	table.sort(names);
	for _, event in ipairs(names) do
		lines[#lines+1] = event;
		for _, handler in ipairs(events._handlers[event] or {}) do
			lines[#lines+1] = ("  %s: %s"):format(tostring(map[event] and map[event][handler] or "?"), tostring(handler));
		end
	end
	return table.concat(lines, "\n");
end

-- The upvalue of this name, nil if the function has none.
local function get_upvalue(f, wanted)
	for i = 1, math.huge do
		local name, value = debug.getupvalue(f, i);
		if name == nil or name == wanted then
			return value;
		end
	end
end

return {
	log_events = log_events, revert_log_events = revert_log_events;
	log_host_events = log_host_events, revert_log_host_events = revert_log_host_events;
	show_events = show_events, get_upvalue = get_upvalue;
};
