local t = require "test.harness";
t.stand_in("util.id", { short = function () return "id"; end });
local errors = require "util.error";

t.case("new", function ()
	local err = errors.new({ type = "auth", condition = "forbidden", text = "No" }, { who = "x" });
	t.same({ err.type, err.condition, err.text, err.context.who }, { "auth", "forbidden", "No", "x" });
	t.same({ errors.is_error(err), errors.is_error {}, errors.is_error("x") }, { true, false, false });
	t.same(errors.new(err) == err, true);
	t.same(tostring(err), "error<auth:forbidden:No>");
	t.same(tostring(errors.new()), "error<cancel:undefined-condition:>");
	t.same(type(err.instance_id), "string");
end);

t.case("registry", function ()
	local lib = errors.init("lib", { full = { type = "wait", condition = "conflict", code = 409 } });
	local err = lib.new("full");
	t.same({ err.type, err.condition, err.code, err.source }, { "wait", "conflict", 409, "lib" });
	local short = errors.init("lib", "urn:x", { bad = { "modify", "bad-request", "Text", "own" } }).new("bad");
	t.same({ short.type, short.text, short.extra }, { "modify", "Text", { namespace = "urn:x", condition = "own" } });
	t.same(lib.new("unknown").condition, "undefined-condition");
end);

t.case("wrap and coerce", function ()
	local lib = errors.init("lib", { known = { type = "wait", condition = "conflict" } });
	t.same({ lib.wrap("known").condition, lib.wrap("other").condition }, { "conflict", "undefined-condition" });
	t.same(lib.wrap("other").context.wrapped_error, "other");
	t.same(t.pack(lib.coerce(1, 2, 3)), { n = 3, 1, 2, 3 });
	local ok, err = lib.coerce(false, "known");
	t.same({ ok, err.condition }, { nil, "conflict" });
	ok, err = errors.coerce(nil, "why");
	t.same({ ok, errors.is_error(err), err.context.wrapped_error }, { nil, true, "why" });
	t.same({ errors.coerce("fine", "x") }, { "fine", "x" });
end);

return t.finish();
