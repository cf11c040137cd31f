-- Registration with a room: reserving a nick in it (XEP-0045 #register, #reservednick, XEP-0077). Belongs beside muc_core on a
-- component, whose rooms know who has reserved which nick, and see to it.

local st = require "util.stanza";
local jid_bare = require "util.jid".bare;

local allow_unaffiliated = module:get_option_boolean("allow_unaffiliated_register", false);
local include_form = module:get_option_boolean("muc_registration_include_form", false);

local xmlns_register = "jabber:iq:register";

local muc = module:depends("muc_core");
if not muc.room_handler then
	error("the rooms of this component are another plugin's than muc_core's: Prosody's muc registers nicks itself, without muc_register", 0);
end

local form = module:require "form";

local methods = {};

local function refuse(room, origin, stanza, err_type, condition, text)
	origin.send(st.error_reply(stanza, err_type, condition, text, room.jid));
	return true;
end

local function send_registration(room, origin, stanza, bare_jid)
	local reply = st.reply(stanza):query(xmlns_register);
	local nick = room:get_registered_nick(bare_jid);
	if not nick then
		reply:add_child(form.blank());
	else
		reply:tag("registered"):up():text_tag("username", nick);
		if include_form then
			reply:add_child(form.filled(nick, room:get_affiliation_data(bare_jid)));
		end
	end
	origin.send(reply);
	return true;
end

-- Members were made so by registering; owners and admins were not, and stay what they are.
local function unregister(room, origin, stanza, bare_jid)
	local affiliation = room:get_affiliation(bare_jid);
	if affiliation == "member" then affiliation = nil; end
	local ok, err_type, condition = room:set_affiliation(true, bare_jid, affiliation, nil, false);
	if not ok then
		return refuse(room, origin, stanza, err_type, condition);
	end
	origin.send(st.reply(stanza));
	return true;
end

-- Whatever else is kept with the affiliation, such as hats, stays.
local function new_affiliation_data(room, origin, stanza, bare_jid, nick, fields)
	local data = {};
	for key, value in pairs(room:get_affiliation_data(bare_jid) or {}) do
		data[key] = value;
	end
	data.reserved_nickname = nick;
	module:fire_event("muc-registration-submitted",
		{ room = room; origin = origin; stanza = stanza; submitted_data = fields; affiliation_data = data });
	return data;
end

local function is_taken(room, bare_jid, nick)
	return room:is_reserved_by_other(nick, bare_jid) or room:is_taken_by_other(room.jid.."/"..nick, bare_jid);
end

local function register(room, origin, stanza, bare_jid)
	local submission = stanza.tags[1]:get_child("x", "jabber:x:data");
	if submission and submission.attr.type == "cancel" then
		origin.send(st.reply(stanza));
		return true;
	end
	local nick, fields = form.read(submission);
	if not nick then
		return refuse(room, origin, stanza, "modify", "bad-request", fields);
	elseif is_taken(room, bare_jid, nick) then
		return refuse(room, origin, stanza, "cancel", "conflict", "This nickname is taken");
	elseif room:get_registered_nick(bare_jid) ~= nick then
		local data = new_affiliation_data(room, origin, stanza, bare_jid, nick, fields);
		local affiliation = room:get_affiliation(bare_jid) or "member";
		local ok, err_type, condition = room:set_affiliation(true, bare_jid, affiliation, nil, data);
		if not ok then
			return refuse(room, origin, stanza, err_type, condition);
		end
		room:bind_sessions(bare_jid, nick);
	end
	origin.send(st.reply(stanza));
	return true;
end

function methods:handle_register_iq(origin, stanza)
	local bare_jid = jid_bare(stanza.attr.from);
	local affiliation = self:get_affiliation(bare_jid);
	if affiliation == "outcast" then
		return refuse(self, origin, stanza, "auth", "forbidden", "You are banned from this room");
	elseif not affiliation and not allow_unaffiliated then
		return refuse(self, origin, stanza, "auth", "registration-required", "Only members may register");
	elseif stanza.attr.type == "get" then
		return send_registration(self, origin, stanza, bare_jid);
	elseif stanza.tags[1]:get_child("remove") then
		return unregister(self, origin, stanza, bare_jid);
	end
	return register(self, origin, stanza, bare_jid);
end

-- Below other modules' priorities, as all that rooms handle.
local to_room = muc.room_handler("handle_register_iq");
module:hook("iq/bare/"..xmlns_register..":query", function (event)
	return to_room({ origin = event.origin; stanza = event.stanza }); -- a table, as rooms may be in another process
end, -2);

module:hook("muc-disco#info", function (event)
	event.reply:tag("feature", { var = xmlns_register }):up();
end);

-- XEP-0045 #reservednick: without a reservation there is no identity.
module:hook("muc-disco#info/x-roomuser-item", function (event)
	local nick = event.room:get_registered_nick(jid_bare(event.stanza.attr.from));
	if nick then
		event.reply:tag("identity", { category = "conference"; type = "text"; name = nick }):up();
	end
end);

muc.reserve_nicks({ enforce = module:get_option_boolean("enforce_registered_nickname", false) });
for name, method in pairs(methods) do
	muc.room_mt[name] = method;
end

function module.unload()
	for name in pairs(methods) do
		muc.room_mt[name] = nil;
	end
	muc.reserve_nicks(nil);
end
