-- Invitations that go through the room, and their refusal (XEP-0045 #invite-mediated; M148–M154).

local st = require "util.stanza";
local jid_bare = require "util.jid".bare;
local jid_prep = require "util.jid".prep;

local util = module:require "util";
local xmlns = module:require "xmlns";

local affiliation_ranks, role_ranks = util.valid_affiliations, util.valid_roles;

local max_invitees = 20; -- of one message

local function payload_of(stanza, name)
	return stanza:get_child("x", xmlns.user):get_child(name);
end

local function role_of(room, jid)
	local role = room:get_role(room:get_occupant_jid(jid));
	return role or room:get_default_role(room:get_affiliation(jid));
end

module:hook("muc-pre-invite", function (event)
	local room, stanza = event.room, event.stanza;
	if role_ranks[role_of(room, stanza.attr.from) or "none"] <= role_ranks.visitor then
		event.origin.send(st.error_reply(stanza, "auth", "forbidden", "You may not invite to this room", room.jid));
		return true;
	end
end);

-- The letter that leaves the room: what the sender wrote, with a payload by the room.
local function new_letter(room, stanza, name, to)
	local letter = util.filter_muc_x(st.clone(stanza));
	letter.attr.from, letter.attr.to = room.jid, to;
	local payload = payload_of(stanza, name);
	letter:tag("x", { xmlns = xmlns.user })
		:tag(name, { from = stanza.attr.from })
			:tag("reason"):text(payload:get_child_text("reason") or ""):up();
	local goes_on = payload:get_child("continue"); -- XEP-0045 #continue: a chat of two that goes on in the room
	if goes_on then
		letter:tag("continue", { thread = goes_on.attr.thread }):up();
	end
	return letter:up();
end

-- Returns whether the sender may invite; otherwise the sender has been told.
local function invite(room, origin, stanza)
	if module:fire_event("muc-pre-invite", { room = room; origin = origin; stanza = stanza }) then
		return false;
	end
	local letter = new_letter(room, stanza, "invite", jid_prep(payload_of(stanza, "invite").attr.to));
	local password = room:get_password();
	if password then
		letter:text_tag("password", password);
	end
	letter:up();
	local event = { room = room; stanza = letter; origin = origin; incoming = stanza };
	if not module:fire_event("muc-invite", event) then
		room:route_stanza(letter);
	end
	return true;
end

-- The same message with one of its invitations.
local function with_one(stanza, wanted)
	local copy, number = st.clone(stanza), 0;
	copy:get_child("x", xmlns.user):maptags(function (child)
		if child.name ~= "invite" then return child; end
		number = number + 1;
		return number == wanted and child or nil;
	end);
	return copy;
end

-- Returns how many invitations there are, or nil and the error's type and condition.
local function count_invitees(stanza)
	local number = 0;
	for payload in stanza:get_child("x", xmlns.user):childtags("invite") do
		number = number + 1;
		if not jid_prep(payload.attr.to or "") then
			return nil, "cancel", "jid-malformed";
		end
	end
	if number > max_invitees then
		return nil, "modify", "not-acceptable";
	end
	return number;
end

local methods = {};

-- XEP-0045 #continue: there may be several. To other plugins each is a message of its own.
function methods:handle_mediated_invite(origin, stanza)
	local number, err_type, condition = count_invitees(stanza);
	if not number then
		origin.send(st.error_reply(stanza, err_type, condition, nil, self.jid));
		return true;
	end
	for place = 1, number do
		if not invite(self, origin, number == 1 and stanza or with_one(stanza, place)) then break; end
	end
	return true;
end

local function send_decline(room, letter)
	local to = letter.attr.to;
	local occupant = jid_bare(to) == room.jid and room:get_occupant_by_nick(to);
	if occupant then
		room:route_to_occupant(occupant, letter);
	else
		room:route_stanza(letter);
	end
end

function methods:handle_mediated_decline(origin, stanza)
	local inviter = jid_prep(payload_of(stanza, "decline").attr.to);
	if not inviter then
		origin.send(st.error_reply(stanza, "cancel", "jid-malformed", nil, self.jid));
		return true;
	elseif module:fire_event("muc-pre-decline", { room = self; origin = origin; stanza = stanza }) then
		return true;
	end
	local letter = new_letter(self, stanza, "decline", inviter):up();
	local event = { room = self; stanza = letter; origin = origin; incoming = stanza };
	if not module:fire_event("muc-decline", event) then
		send_decline(self, letter);
	end
	return true;
end

-- Who invites is hidden from who would not see real JIDs. Before the texts (0), which name the inviter, are made.
module:hook("muc-invite", function (event)
	local room, stanza = event.room, event.stanza;
	local invitee_role = room:get_default_role(room:get_affiliation(stanza.attr.to));
	if room:get_whois() == "anyone" or invitee_role == "moderator" then return; end
	local invite = payload_of(stanza, "invite");
	invite.attr.from = room:get_occupant_jid(invite.attr.from) or invite.attr.from;
end, 50);

local function add_body(event, name, text)
	local stanza = event.stanza;
	if stanza:get_child("body") then return; end
	local payload = payload_of(stanza, name);
	local reason = payload:get_child_text("reason") or "";
	local body = text:format(payload.attr.from, event.room.jid);
	stanza:tag("body"):text(reason == "" and body or body..": "..reason):up();
end

-- COMPAT Clients that know no invitations at all.
module:hook("muc-invite", function (event)
	add_body(event, "invite", "%s invites you to the room %s");
end);

-- COMPAT Clients that know only XEP-0249.
module:hook("muc-invite", function (event)
	local stanza = event.stanza;
	local reason = payload_of(stanza, "invite"):get_child_text("reason");
	stanza:tag("x", { xmlns = xmlns.conference; jid = event.room.jid }):text(reason or ""):up();
end);

module:hook("muc-decline", function (event)
	add_body(event, "decline", "%s does not want to come to the room %s");
end);

-- M148: who may open the door of a members-only room.
module:hook("muc-pre-invite", function (event)
	local room, stanza = event.room, event.stanza;
	if not room:get_members_only() then return; end
	local required = room:get_allow_member_invites() and "member" or "admin";
	local affiliation = room:get_affiliation(stanza.attr.from) or "none";
	if affiliation_ranks[affiliation] < affiliation_ranks[required] then
		event.origin.send(st.error_reply(stanza, "auth", "forbidden", "You may not invite to this room", room.jid));
		return true;
	end
end);

-- M151: an invitation to a members-only room would be worth nothing without membership.
module:hook("muc-invite", function (event)
	local room, invitee = event.room, event.stanza.attr.to;
	if not room:get_members_only() or room:get_affiliation(invitee) then return; end
	local ok, _, condition = room:set_affiliation(true, invitee, "member", "Invited by "..payload_of(event.stanza, "invite").attr.from);
	if not ok then
		module:log("debug", "Invitee %s did not become a member of %s: %s", invitee, room.jid, condition);
	end
end);

return methods;
