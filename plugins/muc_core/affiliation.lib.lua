-- Affiliations: what someone is to the room, whether present or not (XEP-0045 #affil, #modifyowner; M135–M143).

local st = require "util.stanza";
local jid_bare = require "util.jid".bare;
local jid_split = require "util.jid".split;

local util = module:require "util";
local xmlns = module:require "xmlns";
local refusal = module:require "refusal";
local items = module:require "item";

local affiliation_ranks, role_ranks = util.valid_affiliations, util.valid_roles;

local methods = {};

-- Of the bare JID, or of the whole domain if that is banned (M136).
function methods:get_affiliation(jid)
	local node, host = jid_split(jid);
	local affiliation = self._affiliations[node and node.."@"..host or host];
	if not affiliation and self._affiliations[host] == "outcast" then
		return "outcast";
	end
	return affiliation;
end

-- Iterates over JID, affiliation, data.
function methods:each_affiliation(with_affiliation)
	local affiliations, data = self._affiliations, self._affiliation_data;
	return function (_, jid)
		local affiliation;
		repeat
			jid, affiliation = next(affiliations, jid);
		until jid == nil or with_affiliation == nil or affiliation == with_affiliation;
		return jid, affiliation, jid and data[jid];
	end, nil, nil;
end

local function is_last_owner(room, jid)
	for owner in room:each_affiliation("owner") do
		if owner ~= jid then return false; end
	end
	return true;
end

-- M138. actor: a real JID, or true for the service itself. jid is bare; affiliation is nil for none.
-- Returns true, or nil and the error's type and condition.
function methods:may_set_affiliation(actor, jid, affiliation)
	if actor == true then return true; end
	local target = self._affiliations[jid];
	local actor_affiliation = self:get_affiliation(actor);
	if actor_affiliation == "owner" then
		local steps_down = jid_bare(actor) == jid and target == "owner" and affiliation ~= "owner";
		if steps_down and is_last_owner(self, jid) then
			return nil, "cancel", "conflict";
		end
		return true;
	end
	local is_admin_matter = affiliation == "owner" or affiliation == "admin" or target == "owner" or target == "admin";
	if actor_affiliation ~= "admin" or is_admin_matter then
		return nil, "cancel", "not-allowed";
	end
	return true;
end

-- Saves what has just been changed; undo takes it back if that fails. Returns true, or nil and the error's type and condition.
local function save_or(room, jid, undo)
	room:unless_saved(undo);
	local saved, err = room:save(true);
	if saved then return true; end
	undo();
	module:log("error", "Affiliation of %s in %s was not saved: %s", jid, room.jid, err);
	return nil, "wait", "internal-server-error";
end

-- data: nil leaves what is there, an empty table clears it, as does losing the affiliation. If the change cannot be saved, it has
-- not happened. Returns true, or nil and the error's type and condition.
local function store(room, jid, affiliation, data)
	local affiliations, all_data = room._affiliations, room._affiliation_data;
	local old_affiliation, old_data = affiliations[jid], all_data[jid];
	affiliations[jid] = affiliation;
	if not affiliation or (data and next(data) == nil) then
		all_data[jid] = nil;
	elseif data then
		all_data[jid] = data;
	end
	return save_or(room, jid, function ()
		affiliations[jid], all_data[jid] = old_affiliation, old_data;
	end);
end

-- A domain's ban means everybody of that domain who has no affiliation of his own.
local function is_meant(room, occupant, jid, affiliation)
	if occupant.bare_jid == jid then return true; end
	local _, host = jid_split(occupant.bare_jid);
	return host == jid and affiliation == "outcast" and room:get_affiliation(occupant.bare_jid) == "outcast";
end

-- A downgrade takes roles away, an upgrade only ever gives (M141). Returns a map from occupant to its former role.
local function update_roles(room, jid, affiliation, downgraded)
	local role, rank = room:get_default_role(affiliation);
	local updated = {};
	for _, occupant in room:each_occupant() do
		if is_meant(room, occupant, jid, affiliation) then
			updated[occupant] = occupant.role;
		end
	end
	for occupant, old_role in pairs(updated) do
		if role ~= old_role and (downgraded or role_ranks[old_role or "none"] < rank) then
			occupant.role = role;
			room:save_occupant(occupant);
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
	local min_role = room:get_whois() == "moderators" and "moderator" or "none";
	room:broadcast(message, util.only_with_min_role(min_role));
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
	-- For what must not happen unless the change does: f is called when it is saved, before others hear of it. None of the event's usual
	-- fields, so it is not among them.
	local effects = {};
	setmetatable(event, { __index = { once_saved = function (f)
		table.insert(effects, f);
	end } });
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

local function announce(event, affiliation, downgraded)
	local room, jid, reason = event.room, event.jid, event.reason;
	local updated, role = update_roles(room, jid, affiliation, downgraded);
	event.in_room = next(updated) ~= nil;
	if event.in_room then
		announce_present(room, updated, new_x(role, affiliation), event.actor, reason);
	else
		announce_absent(room, new_x(role, affiliation), jid, affiliation, reason);
		tell_absent(event);
	end
end

-- What can be told without asking others. Returns the bare JID and the affiliation, nil for none; or nil and the error's type and condition.
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

-- actor: a real JID, or true for the service itself. data: see store(); false clears it.
-- Returns true, or nil and the error's type and condition.
function methods:set_affiliation(actor, jid, affiliation, reason, data)
	local condition;
	jid, affiliation, condition = check(self, actor, jid, affiliation);
	if not jid then return nil, affiliation, condition; end
	local event, effects, veto = ask_others(self, actor ~= true and actor or nil, jid, affiliation, reason, data);
	if not event then return nil, effects, veto; end
	local stored, err_type, err_condition = store(self, jid, affiliation, event.data or (data == false and {} or nil));
	if not stored then return nil, err_type, err_condition; end

	local downgraded = is_downgrade(event.previous_affiliation, affiliation);
	self:once_saved(function ()
		for _, effect in ipairs(effects) do
			effect();
		end
		announce(event, affiliation, downgraded);
		module:fire_event("muc-set-affiliation", event);
	end);
	return true;
end

-- The same on a trial (trial.lib.lua): what it would say, and what becomes of affiliations and roles.
function methods:try_affiliation(actor, jid, affiliation)
	local condition;
	jid, affiliation, condition = check(self, actor, jid, affiliation);
	if not jid then return nil, affiliation, condition; end
	local old = self._affiliations[jid];
	self._affiliations[jid] = affiliation;
	update_roles(self, jid, affiliation, is_downgrade(old, affiliation));
	return true;
end

-- What is kept with the affiliation of a bare JID: all of it, or the value of one key.
function methods:get_affiliation_data(jid, key)
	local data = self._affiliation_data[jid];
	if data and key then
		return data[key];
	end
	return data;
end

local function with(data, key, value)
	local copy = {};
	for other_key, other_value in pairs(data or {}) do
		copy[other_key] = other_value;
	end
	copy[key] = value;
	return copy;
end

-- Returns true, or nil and an error.
function methods:set_affiliation_data(jid, key, value)
	if key == nil then return nil, "invalid key"; end
	local all_data = self._affiliation_data;
	local old_data = all_data[jid];
	if not old_data and value == nil then return true; end
	all_data[jid] = with(old_data, key, value);
	local saved, _, condition = save_or(self, jid, function ()
		all_data[jid] = old_data;
	end);
	if not saved then return nil, condition; end
	local old_value = old_data and old_data[key];
	if old_value ~= value then
		self:once_saved(function ()
			module:fire_event("muc-set-affiliation-data/"..key,
				{ room = self; jid = jid; key = key; value = value; old_value = old_value });
		end);
	end
	return true;
end

-- Whoever makes a room owns it. Before the room is kept (-1000), so that it never exists without an owner.
module:hook("muc-room-pre-create", function (event)
	event.room:set_affiliation(true, jid_bare(event.stanza.attr.from), "owner");
end, -1);

-- XEP-0045 #enter-ban. After the members-only check (-5), before the cheaper ways to be told no (password, lock).
module:hook("muc-occupant-pre-join", function (event)
	local room, stanza = event.room, event.stanza;
	if room:get_affiliation(stanza.attr.from) == "outcast" then
		event.origin.send(refusal(stanza, "auth", "forbidden", "You are banned from this room", room.jid));
		return true;
	end
end, -10);

return methods;
