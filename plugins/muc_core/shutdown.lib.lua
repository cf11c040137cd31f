-- The end of the service, as occupants see it (XEP-0045 #registrar-statuscodes, 332; M26). Rooms outlast it in the store. So do occupants
-- of other servers as this one starts again; people of this server lose their streams, so they are told that they are out.

local st = require "util.stanza";
local jid_split = require "util.jid".split;

local xmlns = module:require "xmlns";

local hosts = prosody.hosts;

local occupants_stay = false;

local function is_of_this_server(occupant)
	local _, host = jid_split(occupant.bare_jid);
	return hosts[host] ~= nil;
end

-- filter(occupant) says who has to go; nil: everybody.
local function dismiss(filter)
	local x = st.stanza("x", { xmlns = xmlns.user }):tag("status", { code = "332" }):up();
	for room in live_rooms() do
		room:clear(x, filter);
	end
end

-- After other modules (0), who may have something to say, and before what is left is saved (-300).
module:hook_global("server-stopping", function ()
	occupants_stay = true;
	dismiss(is_of_this_server);
end, -200);
module:hook_global("server-stopping", shutdown_component, -300);

-- Called as the module is reloaded.
function module.save()
	occupants_stay = true;
	return {};
end

function module.unload()
	if not occupants_stay then
		dismiss();
	end
	shutdown_component();
	for room in live_rooms() do
		forget_room(room);
	end
end

return {};
