local t = require "harness";
local test, equal, raises = t.test, t.equal, t.raises;
local async = require "util.async";
local st = require "util.stanza";

-- Waits until f is called n times.
local function called(n)
	local wait, done = async.waiter(n, true);
	return wait, done;
end

test("fires once with the time and its arguments", function ()
	local got;
	local wait, done = called();
	module:add_timer(0.001, function (now, a, b) got = { type(now), a, b }; done(); end, "a", "b");
	wait();
	equal(got, { "number", "a", "b" });
end);

test("re-arms while it returns a delay", function ()
	local n = 0;
	local wait, done = called(3);
	module:add_timer(0.001, function () n = n + 1; done(); return n < 3 and 0.001 or nil; end);
	wait();
	async.sleep(0.02);
	equal(n, 3);
end);

test("stop, from outside and from within", function ()
	local n = 0;
	local wait, done = called();
	local timer = module:add_timer(0.01, function () n = n + 1; end);
	timer:stop();
	local other; other = module:add_timer(0.001, function () n = n + 10; other:disarm(); done(); return 0.001; end);
	wait();
	async.sleep(0.03);
	equal(n, 10);
end);

test("reschedule", function ()
	local wait, done = called();
	local fired = false;
	local timer = module:add_timer(3600, function () fired = true; done(); end);
	timer:reschedule(0.001);
	wait();
	equal(fired, true);
end);

test("an error in a timer ends it and nothing else", function ()
	local wait, done = called();
	module:add_timer(0.001, function () error("broken timer"); end);
	module:add_timer(0.005, done);
	wait();
end);

test("util.timer", function ()
	local timer = require "util.timer";
	local wait, done = called();
	timer.add_task(0.001, function () done(); end);
	wait();
end);

test("stanzas and stores from timers and promises", function ()
	local store = module:open_store("from_timer");
	local got;
	module:hook("message/host", function (event) got = event.stanza:get_child_text("body"); return true; end);
	local wait, done = called();
	module:add_timer(0.001, function ()
		store:set("u", { 1 });
		module:send(st.message({ from = module.host, to = module.host }, "from a timer"));
		require "util.promise".resolve():next(function () store:set("u", { 2 }); done(); end);
	end);
	wait();
	equal(got, "from a timer");
	equal(store:get("u"), { 2 });
end);

test("a runner keeps order while another goes on", function ()
	local seen = {};
	local promise = require "util.promise";
	local release;
	local p = promise.new(function (resolve) release = resolve; end);
	local runner = async.runner(function (item)
		if item == "waits" then async.wait_for(p); end
		table.insert(seen, item);
	end);
	runner:run("waits");
	runner:run("second");
	async.runner(function (item) table.insert(seen, item); end):run("other");
	equal(seen, { "other" });
	release(true);
	local wait, done = called();
	module:add_timer(0.01, done);
	wait();
	equal(seen, { "other", "waits", "second" });
end);
