-- util.pubsub.capabilities: what each affiliation may do with a node unless the service or the node says otherwise (XEP-0060 #affiliations).

local steps = {
	outcast = "get_subscription get_subscriptions be_unsubscribed";
	none = "get_nodes get_metadata subscribe unsubscribe be_subscribed";
	member = "get_items";
	publisher = "publish retract get_configuration";
	owner = "create delete configure set_affiliation subscribe_other unsubscribe_other get_subscription_other get_subscriptions_other";
};

-- Each affiliation may do what those before it may.
local capabilities, so_far = {}, {};
for _, affiliation in ipairs { "outcast", "none", "member", "publisher", "owner" } do
	for action in steps[affiliation]:gmatch("%S+") do
		so_far[action] = true;
	end
	local own = {};
	for action in pairs(so_far) do
		own[action] = true;
	end
	capabilities[affiliation] = own;
end

return capabilities;
