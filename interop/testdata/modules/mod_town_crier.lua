-- Cries out what happens in a node of a pubsub service that pubsub_subscription is subscribed to.
local st = require "util.stanza";

module:depends "pubsub_subscription";

local function cry(what)
	module:send(st.message({ type = "chat"; from = module.host; to = "romeo@" .. module.host }, what));
end

local subscription = {
	service = "news.localhost"; node = "verona";
	on_subscribed = function () cry "subscribed"; end;
	on_unsubscribed = function () cry "unsubscribed"; end;
	on_item = function (event) cry("item " .. event.item.attr.id .. ": " .. event.payload:get_text()); end;
	on_retract = function (event) cry("retracted " .. event.item.attr.id); end;
	on_purge = function () cry "purged"; end;
	on_delete = function () cry "deleted"; end;
};

-- Romeo says when to begin and to end.
module:hook("message/host", function (event)
	local body = event.stanza:get_child_text "body";
	if body == "hear" then
		module:add_item("pubsub-subscription", subscription);
		return true;
	elseif body == "enough" then
		module:remove_item("pubsub-subscription", subscription);
		return true;
	end
end, 10);
