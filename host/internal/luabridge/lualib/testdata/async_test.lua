local t = require "test.harness";
local async = require "util.async";
local promise = require "util.promise";
local drain = drain or function () end;

t.case("runner without waits", function ()
	local log = {};
	local r = async.runner(function (item) log[#log+1] = item; end);
	t.same(t.pack(r:run("a")), { n = 3, true, "ready", 0 });
	t.same({ r:enqueue("b") == r, #log, r.state }, { true, 1, "ready" });
	r:run("c");
	t.same(log, { "a", "b", "c" });
	t.same(t.pack(r:run()), { n = 3, true, "ready", 0 });
end);

t.case("run returns when the function waits", function ()
	local log, done = {};
	local r = async.runner(function (item)
		local wait;
		wait, done = async.waiter();
		log[#log+1] = item.." begins";
		wait();
		log[#log+1] = item.." ends";
	end);
	t.same(t.pack(r:run("a")), { n = 3, true, "waiting", 0 });
	t.same(t.pack(r:run("b")), { n = 3, true, "waiting", 1 });
	t.same({ log, r.state }, { { "a begins" }, "waiting" });
	done();
	t.same({ log, r.state }, { { "a begins", "a ends", "b begins" }, "waiting" });
	done();
	t.same({ log, r.state }, { { "a begins", "a ends", "b begins", "b ends" }, "ready" });
end);

t.case("two wait, a third goes on", function ()
	local log, dones = {}, {};
	local function work(item)
		local wait, done = async.waiter();
		dones[item] = done;
		if item ~= "third" then wait(); end
		log[#log+1] = item;
	end
	for _, name in ipairs { "first", "second", "third" } do async.runner(work):run(name); end
	t.same(log, { "third" });
	dones.second();
	dones.first();
	t.same(log, { "third", "second", "first" });
end);

t.case("done before wait", function ()
	local reached;
	async.runner(function ()
		local wait, done = async.waiter();
		done();
		wait();
		wait();
		reached = true;
	end):run(true);
	t.same(reached, true);
end);

t.case("waiting for several signals", function ()
	local reached, done;
	async.runner(function ()
		local wait;
		wait, done = async.waiter(3);
		wait();
		reached = true;
	end):run(true);
	done(); done();
	t.same(reached, nil);
	done();
	t.same(reached, true);
	t.raises("called too many times", done);
end);

t.case("more signals than waited for, allowed", function ()
	local done;
	async.runner(function ()
		local wait;
		wait, done = async.waiter(1, true);
		wait();
	end):run(true);
	done(); done(); done();
end);

t.case("waits cross pcall, iterators, metamethods and other coroutines of the kind", function ()
	local log, done = {};
	local function wait()
		local w;
		w, done = async.waiter();
		w();
	end
	local mt = { __index = function (_, k) wait(); return k; end };
	async.runner(function ()
		log[#log+1] = select(2, pcall(function () wait(); return "pcall"; end));
		for k in function (_, last) if not last then wait(); return "iterator"; end end do log[#log+1] = k; end
		log[#log+1] = setmetatable({}, mt).metamethod;
		table.sort({ 1, 2 }, function (a, b) if #log == 3 then wait(); log[4] = "sort"; end return a < b; end);
	end):run(true);
	for _ = 1, 4 do done(); end
	t.same(log, OURS and { "pcall", "iterator", "metamethod", "sort" } or { "pcall", "iterator", "metamethod", log[4] });
end);

t.case("watchers", function ()
	local log, done = {};
	local watchers = {
		ready = function (r) log[#log+1] = "ready "..r.state; end;
		waiting = function (r) log[#log+1] = "waiting "..r.state; end;
		error = function (r, err) log[#log+1] = "error "..r.state.." "..tostring(err):match("oops"); end;
	};
	local r = async.runner(function (item)
		if item == "fail" then error("oops"); end
		local wait;
		wait, done = async.waiter();
		wait();
		if item == "fail later" then error("oops"); end
	end, watchers, { my = "data" });
	t.same(r.data, { my = "data" });
	r:run("a");
	t.same(log, { "waiting waiting" });
	done();
	t.same({ log, r.state }, { { "waiting waiting", "ready ready" }, "ready" });
	log[1], log[2] = nil, nil;
	r:run("fail");
	t.same({ log[1], r.state }, { "error ready oops", "ready" });
end);

t.case("onready, onwaiting, onerror", function ()
	local log, done = {};
	local r = async.runner(function (item)
		if item == "fail" then error({ code = 5 }); end
		local wait;
		wait, done = async.waiter();
		wait();
	end, {});
	t.same(r:onready(function () log[#log+1] = "ready"; end) == r, true);
	r:onwaiting(function () log[#log+1] = "waiting"; end):onerror(function (_, err) log[#log+1] = type(err); end);
	r:run("a");
	done();
	r:run("fail");
	t.same(log, { "waiting", "ready", "table" });
end);

t.case("an error leaves the other items", function ()
	local log, errors = {}, 0;
	local r = async.runner(function (item)
		if item == "fail" then error("oops"); end
		log[#log+1] = item;
	end, { error = function () errors = errors + 1; end });
	r:enqueue("a"):enqueue("fail"):enqueue("b"):enqueue("fail"):enqueue("c"):run();
	t.same({ log, errors }, { { "a", "b", "c" }, 2 });
end);

t.case("an error that nobody watches for comes out of run", function ()
	t.raises("oops", function () async.runner(function () error("oops"); end):run(true); end);
	local called;
	async.runner():run(function () called = true; end);
	t.same(called, true);
end);

t.case("a runner that is running takes items", function ()
	local log, r = {};
	r = async.runner(function (item)
		log[#log+1] = item;
		if item == 1 then
			t.same({ select(2, r:run(2)) }, { "running", OURS and 1 or 2 });
		end
	end);
	r:run(1);
	t.same(log, { 1, 2 });
end);

t.case("a runner in a runner", function ()
	local log, done = {};
	local inner = async.runner(function ()
		local wait;
		wait, done = async.waiter();
		wait();
		log[#log+1] = "inner";
	end);
	async.runner(function ()
		inner:run(true);
		log[#log+1] = "outer";
	end):run(true);
	done();
	t.same(log, { "outer", "inner" });
end);

t.case("wait_for", function ()
	local result;
	local function run(p) async.runner(function () result = t.pack(async.wait_for(p)); end):run(true); drain(); return result; end
	t.same(run(promise.resolve("yes")), { n = 1, "yes" });
	t.same(run(promise.reject("no")), { n = 2, nil, "no" });
	local resolve;
	local p = promise.new(function (r) resolve = r; end);
	result = nil;
	t.same(run(p), nil);
	resolve(5);
	drain();
	t.same(result, { n = 1, 5 });
	t.same(async.wait == async.wait_for or OURS, true);
end);

t.case("guarder", function ()
	local guard = async.guarder();
	local log, exits = {}, {};
	local function enter(name, id)
		async.runner(function ()
			local exit = guard(id);
			log[#log+1] = name;
			exits[name] = exit;
		end):run(true);
	end
	enter("a"); enter("b"); enter("c"); enter("other", "id");
	t.same(log, { "a", "other" });
	exits.a();
	t.same(log, { "a", "other", "b" });
	exits.b();
	exits.c();
	enter("d");
	t.same(log, { "a", "other", "b", "c", "d" });
	local inside;
	async.runner(function () guard("fn", function () inside = true; end); guard("fn", function () inside = 2; end); end):run(true);
	t.same(inside, 2);
end);

t.case("sleep with a schedule of others", function ()
	local wake, delay, woke;
	async.set_schedule_function(function (seconds, f) wake, delay = f, seconds; end);
	async.set_nexttick(function (f) return f(); end);
	async.runner(function () async.sleep(2.5); woke = true; end):run(true);
	t.same({ delay, woke }, { 2.5 });
	wake();
	t.same(woke, true);
end);

t.case("ready", function ()
	local inside;
	async.runner(function () inside = async.ready(); end):run(true);
	t.same(inside, true);
end);

return t.finish();
