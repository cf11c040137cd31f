local t = require "harness";
local test, equal, raises = t.test, t.equal, t.raises;
local st = require "util.stanza";
local new_events = require "util.events".new;

-- Fires an event that handlers append to and returns what they wrote.
local function order(name, data)
	local seen = {};
	local result = module:fire_event(name, data or { seen = seen });
	return table.concat(seen, " "), result;
end

local function writes(text, result)
	return function (event)
		table.insert(event.seen, text);
		return result;
	end
end

test("others_hook tells who else would see an event", function ()
	local events = prosody.hosts[module.host].events;
	local function own() end
	equal(module:others_hook("seen"), false);
	module:hook("seen", own);
	equal(module:others_hook("seen"), false);
	local function wrapper(handlers, name, data) return handlers(name, data); end
	events.add_wrapper("seen", wrapper);
	equal(module:others_hook("seen"), true);
	events.remove_wrapper("seen", wrapper);
	equal(module:others_hook("seen"), false);
	events.set_debug_hook(function (handler, _, data) return handler(data); end);
	equal(module:others_hook("seen"), true);
	events.set_debug_hook(nil);
	equal(module:others_hook("seen"), false);
	equal(module:others_hook("iq-get/host/http://jabber.org/protocol/disco#info:query"), true); -- disco does
end);

test("priorities, fractions among them, equal ones in order of hooking", function ()
	module:hook("p1", writes "zero-1");
	module:hook("p1", writes "minus", -1);
	module:hook("p1", writes "half", 0.5);
	module:hook("p1", writes "ten", 10);
	module:hook("p1", writes "zero-2");
	module:hook("p1", writes "half-less", 0.25);
	equal(order "p1", "ten half half-less zero-1 zero-2 minus");
end);

test("the first result ends it, false is a result", function ()
	module:hook("p2", writes("a", nil), 3);
	module:hook("p2", writes("b", false), 2);
	module:hook("p2", writes("c", true), 1);
	local seen, result = order "p2";
	equal(seen, "a b");
	equal(result, false);
	equal(module:fire_event("nobody-hooks-this"), nil);
end);

test("a result is what the handler gave, the same table", function ()
	local answer = setmetatable({ 1 }, { __tostring = function () return "answer" end });
	local f = function () return 1 end;
	module:hook("p3", function () return answer end);
	module:hook("p3f", function () return f end);
	equal(module:fire_event("p3", {}) == answer, true);
	equal(module:fire_event("p3f", {}) == f, true);
end);

test("the same function again only changes the priority", function ()
	local f = writes "f";
	module:hook("p4", f, 1);
	module:hook("p4", writes "g", 2);
	module:hook("p4", f, 3);
	equal(order "p4", "f g");
	module:unhook("p4", f);
	equal(order "p4", "g");
	module:unhook("p4", f);
	equal(order "p4", "g");
end);

test("handlers come and go during firing, the list is fixed", function ()
	local later, once = writes "later", nil;
	local added = writes "added";
	once = function (event)
		table.insert(event.seen, "once");
		module:unhook("p5", once);
		module:unhook("p5", later);
		module:hook("p5", added, -5);
	end;
	module:hook("p5", once, 2);
	module:hook("p5", later, 1);
	equal(order "p5", "once later");
	equal(order "p5", "added");
end);

test("data of any kind, and none", function ()
	local got;
	module:hook("p6", function (data) got = data; return type(data) end);
	for _, v in ipairs { "text", 7, true } do
		equal(module:fire_event("p6", v), type(v));
		equal(got, v);
	end
	equal(module:fire_event("p6"), "nil");
	equal(module:fire_event("p6", false), "boolean");
	local stanza = st.message({ id = "x" });
	equal(module:fire_event("p6", stanza), "table");
	equal(got.attr.id, "x");
end);

test("an error in a handler reaches who fired", function ()
	module:hook("p7", function () error("broken handler") end);
	raises("broken handler", module.fire_event, module, "p7", {});
	module:hook("p7t", function () error({ code = 5 }) end);
	local ok, err = pcall(module.fire_event, module, "p7t", {});
	equal(ok, false);
	equal(type(err) == "table" and err.code, 5);
end);

test("where nobody can be refused anything, a handler that fails does not keep others from hearing of it", function ()
	local function deep() return 1 + deep(); end
	module:hook("resource-unbind", writes "first", 4);
	module:hook("resource-unbind", function () error("broken handler"); end, 3);
	module:hook("resource-unbind", deep, 2);
	module:hook("resource-unbind", writes("last", "done"), 1);
	local seen, result = order "resource-unbind";
	equal(seen, "first last");
	equal(result, "done");
end);

test("wrappers: newest outermost, of an event before those of all", function ()
	local seen = {};
	local function wrap(name)
		return function (next, event, data)
			table.insert(seen, "<" .. name);
			local r = next(event, data);
			table.insert(seen, name .. ">");
			return r;
		end
	end
	module:hook("p8", function (data) table.insert(seen, "handler"); return data.value end);
	module:wrap_event("p8", wrap "one");
	module:wrap_event("p8", wrap "two");
	module:wrap_event(false, function (next, event, data)
		if event ~= "p8" then return next(event, data); end
		return wrap("all")(next, event, data);
	end);
	equal(module:fire_event("p8", { value = 9 }), 9);
	equal(table.concat(seen, " "), "<two <one <all handler all> one> two>");
end);

test("a wrapper refuses, changes data, changes the result", function ()
	module:hook("p9", function (data) return data.value end);
	module:wrap_event("p9", function (next, event, data)
		if data.refuse then return "refused"; end
		return { next(event, { value = data.value + 1 }) };
	end);
	equal(module:fire_event("p9", { refuse = true }), "refused");
	equal(module:fire_event("p9", { value = 1 }), { 2 });
end);

test("an error in a wrapper reaches who fired", function ()
	module:wrap_event("p10", function () error("broken wrapper") end);
	raises("broken wrapper", module.fire_event, module, "p10", {});
end);

test("objects: the server's buses and util.events", function ()
	local seen = {};
	local function f(data) table.insert(seen, data); return data; end
	module:hook_object_event(prosody.events, "o1", f);
	equal(prosody.events.fire_event("o1", 1), 1);
	module:hook_object_event(prosody.hosts["other.localhost"].events, "o1", f);
	equal(prosody.hosts["other.localhost"].events.fire_event("o1", 2), 2);
	equal(module:context("other.localhost"):fire_event("o1", 3), 3);
	equal(module:context("*"):fire_event("o1", 4), 4);
	equal(module:fire_event("o1", 5), nil);
	local own = new_events();
	module:hook_object_event(own, "o1", f);
	equal(own.fire_event("o1", 6), 6);
	module:unhook_object_event(own, "o1", f);
	equal(own.fire_event("o1", 7), nil);
	module:wrap_object_event(own, "o1", function (next, name, data) return "wrapped" end);
	equal(own.fire_event("o1", 7), "wrapped");
	module:unhook_object_event(prosody.events, "o1", f);
	equal(prosody.events.fire_event("o1", 8), nil);
	equal(seen, { 1, 2, 3, 4, 6 });
end);

test("buses as objects: add_handler, remove_handler, get_handlers, add_handlers", function ()
	local events = module:context("other.localhost") and prosody.hosts["other.localhost"].events;
	local function f() return "f" end
	events.add_handler("o2", f, 5);
	equal(events.fire_event("o2", {}), "f");
	local listed = 0;
	for _, h in ipairs(events.get_handlers("o2")) do
		listed = listed + 1;
		equal(h({}), "f");
	end
	equal(listed, 1);
	events.remove_handler("o2", f);
	equal(events.fire_event("o2", {}), nil);
	events.add_handlers({ o3 = f });
	equal(events.fire_event("o3", {}), "f");
	events.remove_handlers({ o3 = f });
	equal(events.fire_event("o3", {}), nil);
	equal(events == prosody.hosts["other.localhost"].events, true);
end);

test("a debug hook runs in place of each handler", function ()
	local seen = {};
	local events = prosody.hosts[module.host].events;
	module:hook("d1", function (data) return data.value end);
	local set = events.set_debug_hook;
	set(function (handler, name, data)
		if name == "d1" then table.insert(seen, name .. tostring(data.value)); end
		return handler(data);
	end);
	local result = module:fire_event("d1", { value = 3 });
	set(nil);
	equal(result, 3);
	equal(seen, { "d13" });
	module:fire_event("d1", { value = 4 });
	equal(#seen, 1);
end);

test("hook_tag and its old name", function ()
	local got;
	module:hook_tag("urn:t", "x", function (origin, stanza, data) got = { origin, stanza.name, data.extra }; return true end);
	equal(module:fire_event("stanza/urn:t:x", { origin = 1, stanza = st.stanza("x"), extra = 3 }), true);
	equal(got, { 1, "x", 3 });
	module:hook_stanza(nil, "y", function (_, stanza) return stanza.name end);
	equal(module:fire_event("stanza/y", { stanza = st.stanza("y") }), "y");
end);

test("hook_global and fire on both buses", function ()
	module:hook_global("g1", function () return "global" end);
	equal(module:fire_event("g1", {}), nil);
	equal(prosody.events.fire_event("g1", {}), "global");
	module:wrap_global("g2", function () return "handled" end);
	equal(prosody.events.fire_event("g2", {}), "handled");
end);

test("an event that another handler fires within one", function ()
	module:hook("n1", function (data) return module:fire_event("n2", data); end);
	module:hook("n2", function (data) data.depth = (data.depth or 0) + 1; if data.depth < 20 then return module:fire_event("n1", data); end return data.depth; end);
	equal(module:fire_event("n1", {}), 20);
end);
