-- The room's subject, and who may change it (XEP-0045 #subject-mod, #enter-subject; M59, M129–M132).

local st = require "util.stanza";
local datetime = require "util.datetime".datetime;

local util = module:require "util";
local xmlns = module:require "xmlns";
local setting = module:require "setting";

local role_ranks = util.valid_roles;
local get_child = st.stanza_mt.__index.get_child;

local max_length = module:get_option_number("muc_max_subject_length", 4096); -- characters

local methods = {};

methods.get_changesubject, methods.set_changesubject = setting.flag("changesubject");

setting.config_field {
	priority = 79; -- under the heading "permissions"
	name = "muc#roomconfig_changesubject";
	type = "boolean";
	label = "Participants may change the subject";
	desc = "Otherwise only moderators may";
	option = "changesubject";
};

module:hook("muc-disco#info", function (event)
	table.insert(event.form, { name = "muc#roomconfig_changesubject"; type = "boolean" });
	event.formdata["muc#roomconfig_changesubject"] = event.room:get_changesubject() or false;
end);

local function new_message(from, subject, id)
	return st.message({ from = from; type = "groupchat"; id = id }):tag("subject"):text(subject or ""):up();
end

-- Returns the occupant JID of whoever set it (the room's JID if nobody did), and the text.
function methods:get_subject()
	return self._data.subject_from or self.jid, self._data.subject;
end

-- from: occupant JID. id: that of the message which asked for it; clients match on it. Returns whether it changed; nil and the error's
-- type and condition if it cannot be saved, and then it stays.
function methods:set_subject(from, subject, id)
	subject = subject ~= "" and subject or nil;
	local old_from, old_subject = self:get_subject();
	if old_subject == subject and old_from == from then return false; end
	local data = self._data;
	local old_time = data.subject_time;
	local old_stored_from = data.subject_from;
	data.subject, data.subject_from, data.subject_time = subject, from, os.time();
	local saved, err = self:save();
	if not saved then
		data.subject, data.subject_from, data.subject_time = old_subject, old_stored_from, old_time;
		module:log("error", "Subject of %s was not saved: %s", self.jid, err);
		return nil, "wait", "internal-server-error";
	end
	self:once_saved(function ()
		self:broadcast_message(new_message(from, subject, id));
	end);
	return true;
end

function methods:send_subject(to, time)
	local message = new_message(self:get_subject());
	message.attr.to = to;
	if time then
		message:tag("delay", { xmlns = xmlns.delay; from = self.jid; stamp = datetime(time) }):up();
	end
	self:route_stanza(message);
end

-- The last thing a newcomer gets before live messages; history comes first (50).
module:hook("muc-occupant-session-new", function (event)
	local room = event.room;
	room:send_subject(event.stanza.attr.from, room._data.subject_time);
end, 20);

local function may_change(room, occupant)
	local rank = role_ranks[occupant and occupant.role or "none"];
	local required = room:get_changesubject() and role_ranks.participant or role_ranks.moderator;
	return rank >= required;
end

-- With a body or a thread it is an ordinary message. After the role check (50), before what only ordinary messages need (0).
module:hook("muc-occupant-groupchat", function (event)
	local stanza = event.stanza;
	local subject = get_child(stanza, "subject");
	if not subject then return; end
	local room, occupant = event.room, event.occupant;
	if stanza:get_child("body") or stanza:get_child("thread") then return; end
	if not may_change(room, occupant) then
		event.origin.send(st.error_reply(stanza, "auth", "forbidden", "You may not change the subject", room.jid));
		return true;
	end
	if setting.is_too_long(subject:get_text(), max_length) then
		local text = ("A subject has at most %d characters"):format(max_length);
		event.origin.send(st.error_reply(stanza, "modify", "not-acceptable", text, room.jid));
		return true;
	end
	local changed, err_type, condition = room:set_subject(occupant.nick, subject:get_text(), stanza.attr.id);
	if changed == nil then
		event.origin.send(st.error_reply(stanza, err_type, condition, nil, room.jid));
	end
	return true;
end, 20);

return methods;
