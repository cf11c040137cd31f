local t = require "test.harness";
local promise = require "util.promise";

-- Our callbacks run in a later tick, Prosody's at once unless told otherwise.
local drain = drain or function () end;

-- What a promise has come to.
local function outcome(p)
	local result = { "pending" };
	p:next(function (...) result = { "value", ... }; end, function (...) result = { "reason", ... }; end);
	drain();
	return result;
end

local function later()
	local resolve, reject;
	local p = promise.new(function (res, rej) resolve, reject = res, rej; end);
	return p, resolve, reject;
end

t.case("new", function ()
	t.same(outcome(promise.new(function (resolve) resolve(5); end)), { "value", 5 });
	t.same(outcome(promise.new(function (_, reject) reject("no"); end)), { "reason", "no" });
	t.same(outcome(promise.new()), { "pending" });
	t.same(outcome(promise.new(function () error({ code = 1 }); end)), { "reason", { code = 1 } });
	local text = outcome(promise.new(function () error("oops"); end));
	t.same({ text[1], text[2]:find("oops") ~= nil, text[2]:find("stack traceback") ~= nil }, { "reason", true, true });
	t.same(outcome(promise.new(function (resolve) resolve(1); error("late"); end)), { "value", 1 });
end);

t.case("settled once", function ()
	local p, resolve, reject = later();
	resolve(1); resolve(2); reject(3);
	t.same(outcome(p), { "value", 1 });
	p, resolve, reject = later();
	reject(1); resolve(2);
	t.same(outcome(p), { "reason", 1 });
end);

t.case("next", function ()
	local p, resolve = later();
	local chain = p:next(function (v) return v + 1; end):next(function (v) return v * 2; end);
	t.same(outcome(chain), { "pending" });
	resolve(1);
	t.same(outcome(chain), { "value", 4 });
	t.same(outcome(promise.resolve(1):next(nil, function () return 2; end)), { "value", 1 });
	t.same(outcome(promise.reject(1):next(function () return 2; end)), { "reason", 1 });
	t.same(outcome(promise.reject(1):next(nil, function (e) return e + 1; end)), { "value", 2 });
	local failed = outcome(promise.resolve():next(function () error({ "x" }); end));
	t.same(failed, { "reason", { "x" } });
end);

t.case("order of callbacks", function ()
	local p, resolve = later();
	local log = {};
	for i = 1, 5 do p:next(function () log[i] = #log + 1; end); end
	resolve();
	drain();
	t.same(log, { 1, 2, 3, 4, 5 });
end);

t.case("promises as values", function ()
	local inner, resolve = later();
	local outer = promise.new(function (res) res(inner); end);
	local chained = promise.resolve():next(function () return inner; end);
	t.same({ outcome(outer), outcome(chained) }, { { "pending" }, { "pending" } });
	resolve("in");
	t.same({ outcome(outer), outcome(chained) }, { { "value", "in" }, { "value", "in" } });
	t.same(outcome(promise.resolve(promise.reject("no"))), { "reason", "no" });
	t.same(outcome(promise.new(function (_, reject) reject("plain"); end)), { "reason", "plain" });
end);

t.case("catch and finally", function ()
	t.same(outcome(promise.reject("no"):catch(function (e) return e.."!"; end)), { "value", "no!" });
	t.same(outcome(promise.resolve(1):catch(function () return 2; end)), { "value", 1 });
	local args = {};
	local function count(...) args[#args+1] = select("#", ...); return "ignored"; end
	t.same(outcome(promise.resolve(1):finally(count)), { "value", 1 });
	t.same(outcome(promise.reject(2):finally(count)), { "reason", 2 });
	t.same(args, { 0, 0 });
	t.same(outcome(promise.resolve(1):finally(function () error({}); end)), { "reason", {} });
end);

t.case("all", function ()
	local p, resolve, reject = later();
	local q, resolve_q = later();
	local all = promise.all { p, q, name = promise.resolve(3), plain = 4 };
	resolve_q(2);
	t.same(outcome(all), { "pending" });
	resolve(1);
	t.same(outcome(all), { "value", { 1, 2, name = 3, plain = 4 } });
	t.same(outcome(promise.all {}), { "value", {} });
	p, resolve, reject = later();
	all = promise.all { p, (later()) };
	reject("no");
	t.same(outcome(all), { "reason", "no" });
end);

t.case("all_settled", function ()
	local p, resolve, reject = later();
	local all = promise.all_settled { p, x = promise.resolve(1), 3 };
	t.same(outcome(all), { "pending" });
	reject("no");
	t.same(outcome(all), { "value", { { status = "rejected", reason = "no" }, x = { status = "fulfilled", value = 1 }, [2] = 3 } });
	t.same(outcome(promise.all_settled {}), { "value", {} });
end);

t.case("race", function ()
	local p, resolve, reject = later();
	local q = later();
	local race = promise.race { q, p };
	t.same(outcome(race), { "pending" });
	reject("first");
	t.same(outcome(race), { "reason", "first" });
	t.same(outcome(promise.race { promise.resolve(1), promise.resolve(2) }), { "value", 1 });
	t.same(outcome(promise.race {}), { "pending" });
end);

t.case("join and try", function ()
	t.same(outcome(promise.join(function (a, b, c) return { a, b, c }; end, promise.resolve(1), promise.resolve(2), promise.resolve(3))), { "value", { 1, 2, 3 } });
	t.same(outcome(promise.join(function () end, promise.reject("no"))), { "reason", "no" });
	t.same(outcome(promise.try(function () return 5; end)), { "value", 5 });
	t.same(outcome(promise.try(function () error({ 1 }); end)), { "reason", { 1 } });
end);

t.case("is_promise", function ()
	t.same({ promise.is_promise(promise.resolve()), promise.is_promise({}), promise.is_promise(nil), promise.is_promise("x") }, { true, false, false, false });
	t.same({ tostring(later()), tostring(promise.resolve()) }, { "promise (pending)", "promise (fulfilled)" });
	promise.set_nexttick(function (f) return f(); end);
end);

if OURS then
	t.case("callbacks run in a later tick", function ()
		local log = {};
		promise.resolve():next(function () log[#log+1] = "callback"; end);
		log[#log+1] = "caller";
		drain();
		t.same(log, { "caller", "callback" });
	end);

	t.case("a promise for itself", function ()
		local p, resolve = later();
		resolve(p);
		t.same(outcome(p)[1], "reason");
	end);

	t.case("any", function ()
		t.same(outcome(promise.any { promise.reject(1), promise.resolve(2) }), { "value", 2 });
		t.same(outcome(promise.any { promise.reject(1), promise.reject(2) }), { "reason", { 1, 2 } });
		t.same(outcome(promise.any { promise.reject(1), 3 }), { "value", 3 });
		t.same(outcome(promise.any {}), { "reason", {} });
	end);
end

return t.finish();
