-- Changing affiliations: others agree, whom it concerns gets another role, it is saved, and all are told (XEP-0045 #modifymember …;
-- M138–M143).

local st = require "util.stanza";
local jid_bare = require "util.jid".bare;
local jid_split = require "util.jid".split;

local util = module:require "util";
local xmlns = module:require "xmlns";
local items = module:require "item";
local occupants = module:require "occupant";

local affiliation_ranks, role_ranks = util.valid_affiliations, util.valid_roles;
local only_moderators = util.only_with_min_role("moderator");

local methods = {};

-- data: nil leaves what is there, an empty table clears it, as does losing the affiliation.
local function store(room, jid, affiliation, data)
	local affiliations, all_data = room._affiliations, room._affiliation_data;
	local old_affiliation, old_data = affiliations[jid], all_data[jid];
	affiliations[jid] = affiliation;
	if not affiliation or (data and next(data) == nil) then
		all_data[jid] = nil;
	elseif data then
		all_data[jid] = data;
	end
	room:unless_saved(function ()
		affiliations[jid], all_data[jid] = old_affiliation, old_data;
	end);
end

-- A domain's ban means everybody of that domain who has no affiliation of his own.
local function is_meant(room, occupant, jid, affiliation)
	if occupant.bare_jid == jid then return true; end
	if affiliation ~= "outcast" then return false; end
	local _, host = jid_split(occupant.bare_jid);
	return host == jid and room:get_affiliation(occupant.bare_jid) == "outcast";
end

-- A downgrade takes roles away, an upgrade only ever gives (M141). Returns a map from occupant to its former role.
local function update_roles(room, jid, affiliation, downgraded)
	local role, rank = room:get_default_role(affiliation);
	local updated = {};
	for _, occupant in pairs(room._occupants) do -- to copy all of them would cost more than the rest
		if is_meant(room, occupant, jid, affiliation) then
			updated[occupants.copy(occupant)] = occupant.role;
		end
	end
	for occupant, old_role in pairs(updated) do
		if role ~= old_role and (downgraded or role_ranks[old_role or "none"] < rank) then
			room:change_role(occupant, role);
		end
	end
	return updated, role;
end

-- Gaining or losing the moderator role means to see other people's JIDs, or not to any longer (M84).
local function show_others_again(room, occupant)
	for full_jid in occupant:each_session() do
		room:send_occupant_list(full_jid, function (_, other)
			return not other or other.bare_jid ~= occupant.bare_jid;
		end);
	end
end

local function announce_present(room, updated, x, actor, reason)
	for occupant, old_role in pairs(updated) do
		room:publicise_occupant_status(occupant, x, nil, actor, reason, old_role);
		if occupant.role == nil then
			module:fire_event("muc-occupant-left", { room = room; nick = occupant.nick; occupant = occupant });
		elseif room:get_whois() == "moderators" and (old_role == "moderator") ~= (occupant.role == "moderator") then
			show_others_again(room, occupant);
		end
	end
end

-- XEP-0045 #grantmember: "If the user is not in the room …" (M142).
local function announce_absent(room, x, jid, affiliation, reason)
	items.add(x, { affiliation = affiliation or "none"; jid = jid; reason = reason });
	local message = st.message({ from = room.jid }):add_child(x);
	room:broadcast(message, room:get_whois() == "moderators" and only_moderators or nil);
end

local function new_x(role, affiliation)
	local x = st.stanza("x", { xmlns = xmlns.user });
	if not role then
		x:tag("status", { code = affiliation == "outcast" and "301" or "321" }):up();
	end
	return x;
end

-- Lets others see, change or veto a change. Returns the event and what to do once it is saved, or nil and the error's type and condition.
local function ask_others(room, actor, jid, affiliation, reason, data)
	local effects = {};
	local event = {
		room = room;
		actor = actor;
		jid = jid;
		affiliation = affiliation or "none";
		reason = reason;
		previous_affiliation = room._affiliations[jid] or "none";
		data = data or nil;
		previous_data = room._affiliation_data[jid];
	};
	-- For what must not happen unless the change does: f is called when it is saved, before others hear of it.
	function event.once_saved(f)
		table.insert(effects, f);
	end
	module:fire_event("muc-pre-set-affiliation", event);
	if event.allowed == false then
		local err = event.error or { type = "cancel"; condition = "not-allowed" };
		return nil, err.type, err.condition;
	end
	return event, effects;
end

-- XEP-0045 #registrar-statuscodes, 101: somebody hears of a change that others have made while away. What the service does by itself
-- (membership by an invitation, ownership of a new room) is told in its own way.
local function tell_absent(event)
	local is_account = event.jid:find("@", 1, true) ~= nil;
	local by_others = event.actor and jid_bare(event.actor) ~= event.jid;
	if not is_account or not by_others or event.affiliation == event.previous_affiliation then return; end
	local x = st.stanza("x", { xmlns = xmlns.user }):tag("status", { code = "101" }):up();
	items.add(x, { affiliation = event.affiliation; role = "none"; jid = event.jid; reason = event.reason });
	event.room:route_stanza(st.message({ from = event.room.jid; to = event.jid }):add_child(x));
end

-- updated, role: what update_roles() has returned.
local function announce(event, affiliation, updated, role)
	local room, jid, reason = event.room, event.jid, event.reason;
	event.in_room = next(updated) ~= nil;
	if event.in_room then
		announce_present(room, updated, new_x(role, affiliation), event.actor, reason);
	else
		announce_absent(room, new_x(role, affiliation), jid, affiliation, reason);
		tell_absent(event);
	end
end

-- What is known without asking others. Returns the bare JID and the affiliation, nil for none; or nil and the error's type and condition.
local function check(room, actor, jid, affiliation)
	jid = jid and jid_bare(jid);
	if not actor or not jid or not affiliation_ranks[affiliation or "none"] then
		return nil, "modify", "not-acceptable";
	end
	affiliation = affiliation ~= "none" and affiliation or nil;
	local allowed, err_type, condition = room:may_set_affiliation(actor, jid, affiliation);
	if not allowed then return nil, err_type, condition; end
	return jid, affiliation;
end

local function is_downgrade(old, new)
	return affiliation_ranks[old or "none"] > affiliation_ranks[new or "none"];
end

-- actor: a real JID, or true for the service itself. data: see store(); false clears it. If the change cannot be saved, it has not happened.
-- Returns true, or nil and the error's type and condition.
function methods:set_affiliation(actor, jid, affiliation, reason, data)
	local condition;
	jid, affiliation, condition = check(self, actor, jid, affiliation);
	if not jid then return nil, affiliation, condition; end
	local event, effects, veto = ask_others(self, actor ~= true and actor or nil, jid, affiliation, reason, data);
	if not event then return nil, effects, veto; end
	return self:change_together(function ()
		store(self, jid, affiliation, event.data or (data == false and {} or nil));
		local updated, role = update_roles(self, jid, affiliation, is_downgrade(event.previous_affiliation, affiliation));
		self:save_later(jid);
		self:once_saved(function ()
			for _, effect in ipairs(effects) do
				effect();
			end
			announce(event, affiliation, updated, role);
			module:fire_event("muc-set-affiliation", event);
		end);
	end);
end

return methods;
