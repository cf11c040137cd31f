-- Runs what other modules of all hosts add as items of the kind "task".

local async = require "util.async";
local datetime = require "util.datetime";

module:set_global();

local check_interval = module:get_option_period("cron_check_interval", 3600, 1);

local DEFAULT_PERIODS = { hourly = 3600, daily = 86400, weekly = 7 * 86400 };
local EARLY = 0.995; -- of a period: a task that is due by then does not wait for the next look

local hosts = {}; -- name → module of the host

-- Seconds between two runs: the task's own, the configured one of "cron_<when>_interval", or the usual one.
local function period_of(host_module, task)
	if task.period then
		return task.period;
	end
	return host_module:get_option_period("cron_"..task.when.."_interval", DEFAULT_PERIODS[task.when]);
end

local function is_due(task, now)
	return not task.last or task.last + task.period_seconds * EARLY <= now;
end

local runner = async.runner(function (job)
	local task, now = job.task, os.time();
	local ok, err = pcall(task.run, task, now);
	if not ok then
		job.host_module:log("error", "Task %s failed: %s", task.id, err);
	end
	task.last = now;
	job.last_runs:set(nil, task.id, now);
end);

local function look()
	local now = os.time();
	for _, host in pairs(hosts) do
		for _, task in ipairs(host.module:get_host_items("task")) do
			if task.id and not task.queued and is_due(task, now) then
				task.queued = true;
				runner:run({ task = task, host_module = host.module, last_runs = host.last_runs });
				task.queued = nil;
			end
		end
	end
end

function module.add_host(host_module)
	local last_runs = host_module:open_store("cron", "map");

	local function added(event)
		local task = event.item;
		task.name = task.name or task.when;
		task.id = task.id or event.source.name.."/"..task.name:gsub("%W", "_"):lower();
		task.period_seconds = period_of(host_module, task);
		if not task.period_seconds then
			host_module:log("error", "Task %s: there is no period %q", task.id, task.when);
			task.id = nil;
			return;
		end
		-- A task that never ran waits for the next full period, so that a first start is not a rush.
		local now = os.time();
		task.last = task.last or last_runs:get(nil, task.id) or now - now % task.period_seconds;
		host_module:log("debug", "Task %s added, last run %s", task.id, datetime.datetime(task.last));
	end

	hosts[host_module.host] = { module = host_module, last_runs = last_runs };
	host_module:handle_items("task", added, nil, true);

	function host_module.unload()
		hosts[host_module.host] = nil;
	end
end

module:add_timer(1, function ()
	look();
	return check_interval;
end);
