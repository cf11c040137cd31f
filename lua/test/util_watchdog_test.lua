local t = require "test.harness";
local now, check = 100, nil;
package.loaded["util.time"] = { now = function () return now; end };
package.loaded["util.timer"] = { add_task = function (_, f) check = f; end };
package.loaded["util.watchdog"] = nil;
local watchdog = require "util.watchdog";

t.case("reset, expiry, cancel", function ()
	local fired = 0;
	local w = watchdog.new(10, function () fired = fired + 1; end);
	now = 105; w:reset();
	now = 110;
	t.same({ check(now), fired }, { 5, 0 });
	now = 115;
	t.same({ check(now), fired }, { nil, 1 });
	w:reset(); w:cancel();
	now = 200;
	t.same({ check(now), fired }, { nil, 1 });
end);

package.loaded["util.time"], package.loaded["util.timer"], package.loaded["util.watchdog"] = nil, nil, nil;
return t.finish();
