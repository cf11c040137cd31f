local t = require "test.harness";
local capabilities = require "util.pubsub.capabilities";

t.case("each affiliation has those of the lower ones", function ()
	t.same({ capabilities.outcast.subscribe, capabilities.none.subscribe, capabilities.owner.subscribe }, { nil, true, true });
	t.same({ capabilities.none.get_items, capabilities.member.get_items, capabilities.member.publish, capabilities.publisher.publish },
		{ nil, true, nil, true });
	t.same({ capabilities.publisher.delete, capabilities.owner.delete }, { nil, true });
end);

return t.finish();
