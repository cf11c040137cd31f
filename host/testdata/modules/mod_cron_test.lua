local t = require "harness";
local test, equal = t.test, t.equal;
local async = require "util.async";

local ran = {};
local wait_hour, hour_ran = async.waiter(1, true);
module:hourly("Clean up", function (task, now) ran.hourly = { task.id, type(now) }; hour_ran(); end);
module:daily(function () ran.daily = true; end);
local wait_broken, broken_ran = async.waiter(1, true);
module:cron({ name = "broken", when = "hourly", last = 1, run = function () broken_ran(); error("broken task"); end });
module:cron({ name = "own", when = "weekly", period = 1, last = 1, id = "own-id", run = function (task) ran.own = task.id; end });
module:add_item("task", { name = "late", when = "hourly", last = os.time() - 3700, run = function () ran.late = true; end });

test("what is due runs, and is remembered", function ()
	wait_broken();
	async.sleep(0.05);
	equal(ran.own, "own-id");
	equal(ran.late, true);
	equal(ran.daily, nil);
	local last = module:open_store("cron", "map");
	equal(type(last:get(nil, "own-id")), "number");
	equal(type(last:get(nil, "cron_test/late")), "number");
end);
