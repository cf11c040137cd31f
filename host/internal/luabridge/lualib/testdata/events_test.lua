local t = require "test.harness";
local events = require "util.events";

local function recorder()
	local log = {};
	return log, function (name, result)
		return function () log[#log+1] = name; return result; end;
	end;
end

t.case("priorities", function ()
	local ev = events.new();
	local log, handler = recorder();
	ev.add_handler("x", handler("normal"));
	ev.add_handler("x", handler("early"), 10);
	ev.add_handler("x", handler("late"), -10);
	t.same(ev.fire_event("x"), nil);
	t.same(log, { "early", "normal", "late" });
	t.same(ev.fire_event("none"), nil);
end);

t.case("first result ends the event", function ()
	local ev = events.new();
	local log, handler = recorder();
	ev.add_handler("x", handler("false", false), 1);
	ev.add_handler("x", handler("never", true));
	t.same({ ev.fire_event("x"), log }, { false, { "false" } });
end);

t.case("data and removal", function ()
	local ev = events.new();
	local got;
	local function f(data) got = data; end
	ev.add_handler("x", f);
	local data = {};
	ev.fire_event("x", data);
	t.same({ got == data, #ev.get_handlers("x"), ev.get_handlers("x")[1] == f }, { true, 1, true });
	ev.remove_handler("x", f);
	ev.remove_handler("x", f);
	ev.remove_handler("y", f);
	got = nil;
	ev.fire_event("x", data);
	t.same({ got, ev.get_handlers("x") }, {});
end);

t.case("tables of handlers", function ()
	local ev = events.new();
	local log, handler = recorder();
	local map = { a = handler "a", b = handler "b" };
	ev.add_handlers(map);
	ev.fire_event("a"); ev.fire_event("b");
	ev.remove_handlers(map);
	ev.fire_event("a"); ev.fire_event("b");
	t.same(log, { "a", "b" });
	t.same({ ev._handlers.a, ev._event_map.a }, {});
	ev.add_handler("a", map.a, 5);
	t.same({ #ev._handlers.a, ev._event_map.a[map.a] }, { 1, 5 });
end);

t.case("the same handler again changes its priority", function ()
	local ev = events.new();
	local log, handler = recorder();
	local f = handler "f";
	ev.add_handler("x", f, 1);
	ev.add_handler("x", handler "g", 2);
	ev.add_handler("x", f, 3);
	ev.fire_event("x");
	t.same(log, { "f", "g" });
end);

t.case("a handler may change the list", function ()
	local ev = events.new();
	local log, handler = recorder();
	local function once()
		log[#log+1] = "once";
		ev.remove_handler("x", log.f);
		ev.add_handler("x", handler "new", -1);
	end
	log.f = once;
	ev.add_handler("x", once, 1);
	ev.add_handler("x", handler "other");
	ev.fire_event("x");
	log.f = nil;
	t.same(log, { "once", "other" });
	ev.fire_event("x");
	t.same(log, { "once", "other", "other", "new" });
end);

t.case("wrappers", function ()
	local ev = events.new();
	local log, handler = recorder();
	local function wrapper(name)
		return function (inner, event, data)
			log[#log+1] = name.." "..event;
			return inner(event, data);
		end
	end
	ev.add_handler("x", handler("x", 5));
	local outer = wrapper "second";
	ev.add_wrapper("x", wrapper "first");
	ev.wrappers.add_handler("x", outer);
	ev.add_wrapper(false, wrapper "all");
	t.same(ev.fire_event("x"), 5);
	t.same(log, { "second x", "first x", "all x", "x" });
	ev.remove_wrapper("x", outer);
	ev.fire_event("x");
	ev.fire_event("y");
	t.same({ #log, log[7], log[8] }, { 8, "x", "all y" });
	ev.wrappers.remove_handler("z", outer);
end);

t.case("a wrapper may keep an event back or change it", function ()
	local ev = events.new();
	local log, handler = recorder();
	ev.add_handler("x", handler "x");
	ev.add_handler("y", function (data) log[#log+1] = data; end);
	ev.add_wrapper("x", function (inner, _, data) if data then return inner("y", data.."!"); end end);
	ev.fire_event("x");
	ev.fire_event("x", "hi");
	t.same(log, { "hi!" });
end);

t.case("debug hook", function ()
	local ev = events.new();
	ev.add_handler("x", function (data) return data; end);
	local seen;
	t.same(ev.set_debug_hook(function (f, name, data) seen = name; return f(data); end), nil);
	t.same({ ev.fire_event("x", 7), seen }, { 7, "x" });
	t.same(type(ev.set_debug_hook(nil)), "function");
end);

t.case("errors come out", function ()
	local ev = events.new();
	ev.add_handler("x", function () error("oops"); end);
	t.raises("oops", ev.fire_event, "x");
end);

if OURS then
	t.case("equal priority: in order of adding", function ()
		local ev = events.new();
		local log, handler = recorder();
		for i = 1, 20 do ev.add_handler("x", handler(i), 1); end
		ev.fire_event("x");
		for i = 1, 20 do t.same(log[i], i); end
	end);
end

return t.finish();
