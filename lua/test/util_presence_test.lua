local t = require "test.harness";
local presence = require "util.presence";

t.case("top resources", function ()
	local user = { sessions = {
		phone = { presence = {}, priority = 1 }, laptop = { presence = {}, priority = 5 }, other = { presence = {}, priority = 5 };
		away = { priority = 9 }, bot = { presence = {}, priority = -1 };
	} };
	presence.recalc_resource_map(user);
	t.same({ #user.top_resources, user.top_resources[1].priority }, { 2, 5 });
	user.sessions = { bot = { presence = {}, priority = -1 } };
	presence.recalc_resource_map(user);
	t.same(user.top_resources, nil);
end);

return t.finish();
