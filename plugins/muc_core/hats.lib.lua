-- Hats: marks that say more about somebody than roles do (XEP-0317; M172). Other plugins give them, as affiliation data
-- hats = { [URI] = { active = true, title = "…" } }; here they are shown.

local st = require "util.stanza";

local util = module:require "util";
local xmlns = module:require "xmlns";

local show_legacy = module:get_option_boolean("muc_hats_compat", false);

-- Nobody puts on a hat by himself.
util.add_filtered_namespace(xmlns.hats);
util.add_filtered_namespace(xmlns.legacy_hats);

module:hook("muc-disco#info", function (event)
	event.reply:tag("feature", { var = xmlns.hats }):up();
end);

local function build(hats, ns)
	local element;
	for uri, hat in pairs(hats) do
		if hat.active then
			element = element or st.stanza("hats", { xmlns = ns });
			element:tag("hat", { uri = uri; title = hat.title }):up();
		end
	end
	return element;
end

module:hook("muc-build-occupant-presence", function (event)
	local bare_jid = event.occupant and event.occupant.bare_jid or event.bare_jid;
	local hats = event.room:get_affiliation_data(bare_jid, "hats");
	local element = hats and build(hats, xmlns.hats);
	if not element then return; end
	event.stanza:add_direct_child(element);
	if show_legacy then
		event.stanza:add_direct_child(build(hats, xmlns.legacy_hats));
	end
end);

return {};
