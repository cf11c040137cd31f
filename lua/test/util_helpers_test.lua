local t = require "test.harness";
t.stand_in("util.logger", { init = function () return function () end; end });
local helpers = require "util.helpers";

local function bus()
	local hook;
	local events = { _event_map = {}, _handlers = {} };
	function events.set_debug_hook(f) hook = f; end
	function events.fire_event(_, data)
		local handler = function (d) return d; end
		if hook then return hook(handler, "e", data); end
		return handler(data);
	end
	return events;
end

t.case("log_events", function ()
	local events, lines = bus(), 0;
	local fire = events.fire_event;
	helpers.log_events(events, "bus", function () lines = lines + 1; end);
	t.same({ events.fire_event("e", 7), lines }, { 7, 3 });
	helpers.revert_log_events(events);
	t.same({ events.fire_event == fire, events.fire_event("e", 7), lines }, { true, 7, 3 });
end);

t.case("show_events", function ()
	local f = function () end;
	local text = helpers.show_events { _event_map = { b = { [f] = 5 }, a = {} }, _handlers = { b = { f } } };
	t.same(text, "a\nb\n  5: "..tostring(f));
end);

t.case("get_upvalue", function ()
	local secret = 42;
	local function f() return secret; end
	t.same({ helpers.get_upvalue(f, "secret"), helpers.get_upvalue(f, "none") }, { 42 });
end);

return t.finish();
