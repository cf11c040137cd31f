-- What a room tells about itself (XEP-0045 #disco-roominfo, #disco-roomitems; M40–M47).

local st = require "util.stanza";
local jid_resource = require "util.jid".resource;
local new_form = require "util.dataforms".new;

local xmlns = module:require "xmlns";

-- XEP-0045 #message wants to see it on the service, too.
module:add_feature(xmlns.stable_id);

local methods = {};

-- With a node the event is that node's, and an unknown node has nothing to tell.
function methods:get_disco_info(stanza)
	local node = stanza.tags[1].attr.node;
	local reply = st.reply(stanza):tag("query", { xmlns = xmlns.disco_info; node = node });
	local event = { room = self; reply = reply; stanza = stanza };
	if node and node ~= "" then
		module:fire_event("muc-disco#info/"..node, event);
	else
		event.form = new_form { { name = "FORM_TYPE"; type = "hidden"; value = xmlns.roominfo } };
		event.formdata = {};
		module:fire_event("muc-disco#info", event);
	end
	if event.form then
		reply:add_child(event.form:form(event.formdata, "result"));
	end
	return reply;
end

-- Occupants see each other; to the others the list is empty. So is that of any node, such as the one of commands (XEP-0050 #retrieve):
-- people there would pass for commands.
function methods:get_disco_items(stanza)
	local node = stanza.tags[1].attr.node;
	local reply = st.reply(stanza):tag("query", { xmlns = xmlns.disco_items; node = node });
	if node and node ~= "" or not self:get_occupant_jid(stanza.attr.from) then return reply; end
	local shown_roles = self:get_presence_broadcast();
	for occupant_jid, occupant in self:each_occupant() do
		if shown_roles[occupant.role] then
			reply:tag("item", { jid = occupant_jid; name = jid_resource(occupant_jid) }):up();
		end
	end
	return reply;
end

module:hook("muc-disco#info", function (event)
	local reply, room = event.reply, event.room;
	for _, feature in ipairs { xmlns.muc, xmlns.stable_id, xmlns.self_ping } do
		reply:tag("feature", { var = feature }):up();
	end
	local nicks = 0;
	for _ in pairs(room._occupants) do
		nicks = nicks + 1;
	end
	table.insert(event.form, { name = "muc#roominfo_occupants"; label = "Number of occupants" });
	event.formdata["muc#roominfo_occupants"] = tostring(nicks);
end);

-- XEP-0045 #impl-service-traffic: an empty list would mean that no payloads pass. Whoever lets only some pass says which in the event.
local function is_traffic_unlimited(reply)
	local query = reply.tags[1];
	return query.attr.node == xmlns.traffic and #query.tags == 0;
end

function methods:handle_disco_info_get_query(origin, stanza)
	local reply = self:get_disco_info(stanza);
	if is_traffic_unlimited(reply) then
		reply = st.error_reply(stanza, "cancel", "service-unavailable", "All payloads pass", self.jid);
	end
	origin.send(reply);
	return true;
end

function methods:handle_disco_items_get_query(origin, stanza)
	origin.send(self:get_disco_items(stanza));
	return true;
end

return methods;
