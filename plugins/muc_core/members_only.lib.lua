-- Rooms only for people with an affiliation (XEP-0045 #enter-members; M42, M44, M56, M63).

local st = require "util.stanza";

local refusal = module:require "refusal";
local setting = module:require "setting";
local xmlns = module:require "xmlns";

local methods = {};

local set_flag;
methods.get_members_only, set_flag = setting.flag("members_only");
methods.get_allow_member_invites, methods.set_allow_member_invites = setting.flag("allow_member_invites");

-- XEP-0045 #roomconfig: everybody is told that the others have to go.
local function remove_strangers(room)
	if not room:get_members_only() then return; end -- somebody has thought better of it since
	local removed = {};
	for _, occupant in room:each_occupant() do
		if not room:get_affiliation(occupant.bare_jid) then
			removed[occupant] = occupant.role;
		end
	end
	for occupant in pairs(removed) do
		occupant.role = nil;
		room:save_occupant(occupant);
	end
	local x = st.stanza("x", { xmlns = xmlns.user }):tag("status", { code = "322" }):up();
	for occupant, old_role in pairs(removed) do
		room:publicise_occupant_status(occupant, x, nil, nil, nil, old_role);
		module:fire_event("muc-occupant-left", { room = room; nick = occupant.nick; occupant = occupant });
	end
end

function methods:set_members_only(members_only)
	local changed = set_flag(self, members_only);
	if changed and members_only then
		self:once_saved(function ()
			remove_strangers(self);
		end);
	end
	return changed;
end

setting.config_field {
	priority = 87; -- after the password
	name = "muc#roomconfig_membersonly";
	type = "boolean";
	label = "Only members may enter";
	option = "members_only";
};
setting.config_field {
	priority = 86.5;
	name = "{http://prosody.im/protocol/muc}roomconfig_allowmemberinvites";
	type = "boolean";
	label = "Members may invite others";
	option = "allow_member_invites";
};

module:hook("muc-disco#info", function (event)
	local room, form = event.room, event.form;
	local members_only, member_invites = room:get_members_only() or false, room:get_allow_member_invites() or false;
	event.reply:tag("feature", { var = members_only and "muc_membersonly" or "muc_open" }):up();
	table.insert(form, {
		name = "{http://prosody.im/protocol/muc}roomconfig_allowmemberinvites";
		type = "boolean";
		label = "Members may invite others";
		value = member_invites;
	});
	table.insert(form, {
		name = "muc#roomconfig_allowinvites";
		type = "boolean";
		label = "Occupants may invite others";
		value = not members_only or member_invites;
	});
end);

-- Before moderated (1): in such a room strangers are nothing, not even visitors.
module:hook("muc-get-default-role", function (event)
	if not event.affiliation and event.room:get_members_only() then
		return false;
	end
end, 2);

-- After nick and reservation (2 to 0), before the check for outcasts (-10), who are left to it.
module:hook("muc-occupant-pre-join", function (event)
	local room, stanza = event.room, event.stanza;
	if room:get_members_only() and not room:get_affiliation(stanza.attr.from) then
		event.origin.send(refusal(stanza, "auth", "registration-required", "Only members may enter this room", room.jid));
		return true;
	end
end, -5);

return methods;
