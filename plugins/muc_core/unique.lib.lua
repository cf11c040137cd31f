-- A name for a new room that nobody has (XEP-0307; M8).

local st = require "util.stanza";
local new_uuid = require "util.uuid".generate;

local xmlns = module:require "xmlns";

module:add_feature(xmlns.unique);

-- After others (0), who may have a better idea of names.
module:hook("iq-get/host/"..xmlns.unique..":unique", function (event)
	event.origin.send(st.reply(event.stanza):tag("unique", { xmlns = xmlns.unique }):text(new_uuid():lower()));
	return true;
end, -1);

return {};
