-- util.watchdog: calls back unless it is reset in time.

local timer = require "util.timer";
local now = require "util.time".now;

local methods = {};
local watchdog_mt = { __index = methods };

-- callback(watchdog) runs `timeout` seconds after the last reset; a number it returns is the time to the next check.
local function new(timeout, callback)
	local watchdog = setmetatable({ timeout = timeout, callback = callback, last_reset = now() }, watchdog_mt);
	timer.add_task(timeout, function ()
		if not watchdog.last_reset then return; end
		local left = watchdog.last_reset + watchdog.timeout - now();
		if left > 0 then
			return left;
		end
		return watchdog:callback();
	end);
	return watchdog;
end

function methods:reset()
	self.last_reset = now();
end

function methods:cancel()
	self.last_reset = nil;
end

return { new = new };
