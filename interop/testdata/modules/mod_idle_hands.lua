-- Tells clients what mod_csi says about them.

local st = require "util.stanza";

local function tell(event)
	event.origin.send(st.message({ from = module.host }, event.origin.state));
end

module:hook("csi-client-active", tell);
module:hook("csi-client-inactive", tell);
