local t = require "test.harness";
local debug_lib = require "util.debug";

t.case("tables of variables", function ()
	t.same(debug_lib.string_from_var_table { { name = "a", value = 1 }, { name = "password", value = "secret" }, { name = "(temp)", value = 2 } },
		"{ a = 1, password = <hidden> }");
	t.same(debug_lib.string_from_var_table {}, nil);
	t.same(debug_lib.get_upvalues_table(function () return t; end)[1].value == t, true);
end);

t.case("traceback", function ()
	local text = debug_lib.traceback("what happened");
	t.same({ text:find("what happened", 1, true), text:find("stack traceback:", 1, true) ~= nil }, { 1, true });
	local thread = coroutine.create(function () coroutine.yield(); end);
	coroutine.resume(thread);
	t.same(type(debug_lib.traceback(thread, "x")), "string");
end);

return t.finish();
