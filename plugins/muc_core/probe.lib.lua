-- Presence probes: a client asks who is behind a nick (M79).

local st = require "util.stanza";
local jid_resource = require "util.jid".resource;

local xmlns = module:require "xmlns";
local items = module:require "item";

local methods = {};

-- The presence of a nick that is reserved for somebody absent; nil if it is not reserved. get_registered_jid comes with
-- reserve_nicks (see reservation.lib.lua).
function methods:build_unavailable_presence(occupant_jid, to)
	local nick = jid_resource(occupant_jid);
	local bare_jid = self.get_registered_jid and self:get_registered_jid(nick);
	if not bare_jid then return nil; end
	local x = items.add(st.stanza("x", { xmlns = xmlns.user }), {
		affiliation = self:get_affiliation(bare_jid) or "none";
		role = "none";
		nick = nick;
		jid = not self:is_anonymous_for(to) and bare_jid or nil;
	});
	local event = {
		room = self;
		stanza = st.presence({ from = occupant_jid; to = to; type = "unavailable" }):add_child(x);
		bare_jid = bare_jid;
		nick = nick;
	};
	module:fire_event("muc-build-occupant-presence", event);
	return event.stanza;
end

function methods:respond_to_probe(origin, stanza, prober)
	if not prober then
		origin.send(st.error_reply(stanza, "cancel", "not-acceptable", "You are not in this room", self.jid));
		return;
	end
	local probed = self:get_occupant_by_nick(stanza.attr.to);
	if probed then
		local x = st.stanza("x", { xmlns = xmlns.user });
		return self:publicise_occupant_status(probed, x, nil, nil, nil, nil, false, prober);
	end
	local presence = self:build_unavailable_presence(stanza.attr.to, stanza.attr.from);
	if presence then
		self:route_stanza(presence);
	end
end

return methods;
