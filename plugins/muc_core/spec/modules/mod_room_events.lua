-- Tells a script what events rooms have fired since it last asked, in order, and which fields with what kinds of values they had before
-- anybody else has seen them: <events xmlns='urn:example:events'/> to the service. What is fired several times alike is told once.

local st = require "util.stanza";
local jid_node = require "util.jid".node;
local jid_resource = require "util.jid".resource;

local muc = module:depends("muc");

local names = {
	"muc-room-pre-create"; "muc-room-created"; "muc-room-locked"; "muc-room-unlocked"; "muc-room-pre-restore"; "muc-room-restored";
	"muc-pre-room-destroy"; "muc-room-destroyed";
	"muc-get-default-role"; "muc-occupant-pre-join"; "muc-occupant-pre-change"; "muc-occupant-pre-leave";
	"muc-occupant-joined"; "muc-occupant-session-new"; "muc-occupant-left";
	"muc-build-occupant-presence"; "muc-broadcast-presence";
	"muc-occupant-groupchat"; "muc-broadcast-message"; "muc-message-is-historic"; "muc-add-history"; "muc-get-history"; "muc-private-message";
	"muc-pre-invite"; "muc-invite"; "muc-pre-decline"; "muc-decline"; "muc-voice-request"; "muc-voice-response";
	"muc-config-form"; "muc-config-submitted"; "muc-config-submitted/muc#roomconfig_roomname"; "muc-disco#info"; "muc-disco#info/x-roomuser-item";
	"muc-pre-set-affiliation"; "muc-set-affiliation"; "muc-set-affiliation-data/hats"; "muc-pre-set-role"; "muc-registration-submitted";
};

-- Stanzas by who speaks to whom, if that is said already.
local function show_stanza(stanza)
	local attr = stanza.attr;
	local words = { stanza.name, attr.type };
	if attr.from then
		table.insert(words, "from "..attr.from);
	end
	if attr.to then
		table.insert(words, "to "..attr.to);
	end
	return table.concat(words, " ");
end

local function show(value)
	if type(value) == "function" then
		return "function";
	elseif type(value) ~= "table" then
		return tostring(value);
	elseif st.is_stanza(value) then
		return show_stanza(value);
	elseif getmetatable(value) == muc.room_mt then
		return jid_node(value.jid);
	elseif value.bare_jid and value.get_presence then
		return ("%s %s (%s)"):format(value.role or "none", jid_resource(value.nick), value.bare_jid);
	elseif value.send and value.type then
		return "session of "..value.full_jid;
	elseif value.form then
		return "form";
	end
	return "table";
end

local function shape(event)
	local fields = {};
	for name, value in pairs(event) do
		if name ~= "once_saved" then -- ours alone
			-- Numbers of Lua 5.4 that are whole look as in 5.1.
			table.insert(fields, name.."="..show(math.type and math.type(value) == "float" and math.tointeger(value) or value));
		end
	end
	table.sort(fields);
	return table.concat(fields, "; ");
end

local seen = {};

local function watch(name)
	-- Before everybody else.
	module:hook(name, function (event)
		local text = shape(event);
		if not seen[name..text] then
			seen[name..text] = true;
			table.insert(seen, { name = name; fields = text });
		end
	end, 1000000);
end

for _, name in ipairs(names) do
	watch(name);
end

module:hook("iq-get/host/urn:example:events:events", function (event)
	local reply = st.reply(event.stanza):tag("events", { xmlns = "urn:example:events" });
	for _, entry in ipairs(seen) do
		reply:tag("event", { name = entry.name }):text(entry.fields):up();
	end
	seen = {};
	event.origin.send(reply);
	return true;
end);
