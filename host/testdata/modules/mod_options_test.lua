local t = require "harness";
local test, equal, raises = t.test, t.equal, t.raises;

test("raw, with default, from the global section", function ()
	equal(module:get_option("count"), 7);
	equal(module:get_option("unset"), nil);
	equal(module:get_option("unset", "d"), "d");
	equal(module:get_option("yes"), true);
	equal(module:get_option("many"), { "a", "b", "b" });
	equal(module:get_option("plugin_paths"), { "testdata/modules" });
end);

test("string", function ()
	equal(module:get_option_string("text"), "some text");
	equal(module:get_option_string("count"), "7");
	equal(module:get_option_string("yes"), "true");
	equal(module:get_option_string("many"), "a");
	equal(module:get_option_string("unset", "d"), "d");
	equal(module:get_option_string("unset"), nil);
end);

test("number and integer", function ()
	equal(module:get_option_number("count"), 7);
	equal(module:get_option_number("number_text"), 42);
	equal(module:get_option_number("text"), nil);
	equal(module:get_option_number("unset", 3), 3);
	equal(module:get_option_number("count", 0, 10), 10);
	equal(module:get_option_number("count", 0, 1, 5), 5);
	equal(module:get_option_number("unset", 3, 10, 20), 3);
	equal(module:get_option_integer("count", 0, 1, 50), 7);
	equal(module:get_option_integer("fraction"), 2);
end);

test("boolean", function ()
	equal(module:get_option_boolean("yes"), true);
	equal(module:get_option_boolean("yes_text"), true);
	equal(module:get_option_boolean("unset", false), false);
	equal(module:get_option_boolean("unset", true), true);
	equal(module:get_option_boolean("unset"), nil);
	equal(module:get_option_boolean("wrong"), nil);
end);

test("array is a copy, one value becomes a list", function ()
	local a = module:get_option_array("many");
	equal({ a[1], a[2], a[3], #a }, { "a", "b", "b", 3 });
	a:push("c");
	equal(#module:get_option_array("many"), 3);
	equal(module:get_option_array("text")[1], "some text");
	equal(module:get_option_array("unset"), nil);
	equal(#module:get_option_array("unset", {}), 0);
	equal(module:get_option_array("unset", { 1, 2 })[2], 2);
end);

test("set, and what host and server say together", function ()
	local s = module:get_option_set("many");
	equal({ s:contains("a"), s:contains("b"), not s:contains("c") }, { true, true, true });
	equal(module:get_option_set("unset"), nil);
	equal(module:get_option_set("unset", { "x" }):contains("x"), true);
	local both = module:get_option_inherited_set("inherited", {});
	equal({ both:contains("own"), both:contains("theirs") }, { true, true });
	equal(module:context("other.localhost"):get_option_inherited_set("inherited"):contains("own"), nil);
	equal(module:get_option_inherited_set("unset"), nil);
	equal(module:get_option_inherited_set("unset", { "x" }):contains("x"), true);
end);

test("period", function ()
	equal(module:get_option_period("week"), 604800);
	equal(module:get_option_period("never"), math.huge);
	equal(module:get_option_period("off"), math.huge);
	equal(module:get_option_period("negative"), math.huge);
	equal(module:get_option_period("count"), 7);
	equal(module:get_option_period("unset", "1 day"), 86400);
	equal(module:get_option_period("unset", "5m"), 300);
	equal(module:get_option_period("unset", "2 months"), 2 * 30 * 86400);
	equal(module:get_option_period("unset", "1h"), 3600);
	equal(module:get_option_period("unset", 90), 90);
	for period, seconds in pairs { ["1hourly"] = 3600, ["1daily"] = 86400, ["1weekly"] = 7 * 86400, ["2 monthly"] = 2 * 30 * 86400 } do
		equal(module:get_option_period("unset", period), seconds);
	end
	equal(module:get_option_period("count", 0, 60), 60);
	equal(module:get_option_period("wrong"), nil);
	equal(module:get_option_period("unset"), nil);
end);

test("enum tells of a wrong value, and returns it", function ()
	equal(module:get_option_enum("text", "some text", "other"), "some text");
	equal(module:get_option_enum("wrong", "apple", "pear"), "banana");
	equal(module:get_option_enum("unset", "apple", "pear"), "apple");
end);

test("path", function ()
	equal(module:get_option_path("unset", "x.txt"), "testdata/modules/x.txt");
	equal(module:get_option_path("unset", "x.txt", "/srv"), "/srv/x.txt");
	equal(module:get_option_path("unset", "/abs/x"), "/abs/x");
	equal(module:get_option_path("unset", "x", "data"), prosody.paths.data .. "/x");
	equal(module:get_option_path("unset"), nil);
end);

test("scalar", function ()
	equal(module:get_option_scalar("many"), "a");
	equal(module:get_option_scalar("text"), "some text");
	equal(module:get_option_scalar("unset", 5), 5);
end);

test("other hosts", function ()
	equal(module:context("other.localhost"):get_option("text"), nil);
	equal(module:context("*"):get_option("theirs"), "global");
	equal(module:context("other.localhost"):get_option("theirs"), "global");
end);

test("core.configmanager", function ()
	local cm = require "core.configmanager";
	equal(cm.get(module.host, "text"), "some text");
	equal(cm.get(module.host, "theirs"), "global");
	equal(cm.get("*", "text"), nil);
	equal({ cm.get(module.host, "core", "text"), cm.rawget(module.host, "core", "text") }, { "some text", "some text" });
	equal({ cm.rawget(nil, "text"), cm.get(nil, "theirs") }, { nil, "global" });
	equal(cm.rawget and cm.rawget(module.host, "theirs"), nil);
	cm.set(module.host, "set_here", { "x", "y" });
	equal(module:get_option("set_here"), { "x", "y" });
	equal(cm.getconfig()[module.host].text, "some text");
end);
