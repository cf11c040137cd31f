-- Which nicks are possible at all (M63, M106; RFC 7622 §3.4).

local jid_resource = require "util.jid".resource;
local resourceprep = require "util.encodings".stringprep.resourceprep;

local refusal = module:require "refusal";

local function refuse(event, condition, text)
	event.origin.send(refusal(event.stanza, "modify", condition, text, event.room.jid));
	return true;
end

-- The nick that is wished for, nil if this is a mere update of presence.
local function wish(event)
	if event.occupant then
		return jid_resource(event.occupant.nick);
	elseif event.dest_occupant ~= event.orig_occupant then
		return jid_resource(event.dest_occupant.nick);
	end
end

local function check_prep(event)
	local nick = wish(event);
	if nick and not resourceprep(nick, true) then
		return refuse(event, "jid-malformed", "This nickname has characters that are not allowed");
	end
end

local function check_visible(event)
	local nick = wish(event);
	if nick and not nick:find("%S") then
		return refuse(event, "not-allowed", "A nickname needs characters that can be seen");
	end
end

for _, event_name in ipairs { "muc-occupant-pre-join", "muc-occupant-pre-change" } do
	-- Before anybody (0) looks the nick up: what comes later may rely on a nick that is well formed, and that can be seen.
	module:hook(event_name, check_prep, 2);
	module:hook(event_name, check_visible, 1);
end

return {};
