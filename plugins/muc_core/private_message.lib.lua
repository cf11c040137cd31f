-- Private messages between occupants, and who may send them (XEP-0045 #privatemessage; M133, M134).

local st = require "util.stanza";

local util = module:require "util";
local xmlns = module:require "xmlns";
local setting = module:require "setting";

local role_ranks = util.valid_roles;

-- Who may send: a role and those above it ("visitor": everyone), "affiliated", or "none". What older versions stored is renamed, and what
-- XEP-0045 #createroom-reserved calls otherwise.
local policies = { visitor = true; participant = true; moderator = true; affiliated = true; none = true };
local old_names = { anyone = "visitor"; everyone = "visitor"; participants = "participant"; moderators = "moderator"; members = "affiliated" };

local methods = {};

function methods:get_allow_pm()
	local policy = self._data.allow_pm;
	return old_names[policy] or policy or "visitor";
end

function methods:set_allow_pm(policy)
	policy = old_names[policy] or policy;
	assert(policies[policy], "not a policy for private messages");
	if self:get_allow_pm() == policy then return false; end
	self._data.allow_pm = policy ~= "visitor" and policy or nil;
	return true;
end

methods.get_allow_modpm, methods.set_allow_modpm = setting.flag("allow_modpm");

setting.config_field {
	priority = 2; -- last, before what other plugins add (0)
	name = "muc#roomconfig_allowpm";
	type = "list-single";
	label = "Private messages may be sent by";
	options = {
		{ value = "visitor"; label = "Everyone" };
		{ value = "participant"; label = "Participants and moderators" };
		{ value = "moderator"; label = "Moderators" };
		{ value = "affiliated"; label = "People with an affiliation" };
		{ value = "none"; label = "Nobody" };
	};
	synonyms = old_names;
	option = "allow_pm";
};
setting.config_field {
	priority = 1;
	name = "{xmpp:prosody.im}muc#allow_modpm";
	type = "boolean";
	label = "Private messages to and from moderators are always possible";
	option = "allow_modpm";
};

local function is_permitted(room, sender, recipient)
	local policy = room:get_allow_pm();
	if policy == "visitor" or sender.nick == recipient.nick then
		return true;
	elseif room:get_allow_modpm() and (sender.role == "moderator" or recipient.role == "moderator") then
		return true;
	elseif policy == "affiliated" then
		return room:get_affiliation(sender.bare_jid) ~= nil;
	elseif policy == "none" then
		return false;
	end
	return role_ranks[sender.role or "none"] >= role_ranks[policy];
end

local function keep_error(child)
	return child.name == "error" and child or nil;
end

-- Before what other plugins do with a message (0), which need not look at one that is refused. An error answers a message that was
-- permitted, and is not answered itself; but nobody sends messages in the guise of one.
module:hook("muc-private-message", function (event)
	local room, stanza, sender = event.room, event.stanza, event.occupant;
	local recipient = room._occupants[stanza.attr.to];
	if not recipient or is_permitted(room, sender, recipient) then return; end
	if stanza.attr.type == "error" then
		stanza:maptags(keep_error);
		return;
	end
	local err = st.error_reply(stanza, "cancel", "policy-violation", "This room does not allow you private messages", room.jid);
	room:route_to_occupant(sender, err);
	return false;
end, 1);

local function deliver(room, origin, stanza, sender, recipient)
	local message = util.filter_muc_x(st.clone(stanza));
	message:tag("x", { xmlns = xmlns.user }):up();
	message.attr.from = sender.nick;
	local event = { room = room; origin = origin; stanza = message; occupant = sender };
	if module:fire_event("muc-private-message", event) ~= false then
		room:route_to_occupant(recipient, event.stanza);
	end
	return true;
end

function methods:handle_message_to_occupant(origin, stanza)
	local function refuse(...)
		origin.send(st.error_reply(stanza, ...));
		return true;
	end
	local sender, kind = self:get_occupant_by_real_jid(stanza.attr.from), stanza.attr.type;
	if not sender then
		return kind == "error" or refuse("cancel", "not-acceptable", "You are not in this room", self.jid);
	elseif kind == "groupchat" then
		return refuse("modify", "bad-request", "Messages of this type go to the room", self.jid);
	elseif kind == "error" and util.is_kickable_error(stanza) then
		return self:handle_kickable(origin, stanza);
	end
	local recipient = self:get_occupant_by_nick(stanza.attr.to);
	if not recipient then
		return kind == "error" or refuse("cancel", "item-not-found", "Nobody here has this nickname", self.jid);
	end
	return deliver(self, origin, stanza, sender, recipient);
end

return methods;
