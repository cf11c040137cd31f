-- Commands for admins of the service (XEP-0050; M185).

if not module:depends("adhoc", true) then return; end -- the operator has disabled it

local dataforms = require "util.dataforms";
local jid_bare = require "util.jid".bare;
local new_command = module:require "adhoc".new;
local new_initial_data_form = require "util.adhoc".new_initial_data_form;
local new_simple_form = require "util.adhoc".new_simple_form;

local find_room = module:require "admin_room".find;
local is_affiliation = module:require "util".valid_affiliations;

local node_prefix = "http://prosody.im/protocol/muc#";

local function failed(text)
	return { status = "completed"; error = { message = text } };
end

local function label_of(layout, field_name)
	for _, field in ipairs(layout) do
		if field.name == field_name then
			return field.label;
		end
	end
end

-- act(fields, admin) is called with a form without mistakes.
local function checked(layout, act)
	return function (fields, errors, data)
		if not errors then
			return act(fields, data.from);
		end
		local lines = {};
		for name, problem in pairs(errors) do
			table.insert(lines, label_of(layout, name)..": "..problem);
		end
		table.sort(lines);
		return failed(table.concat(lines, "\n"));
	end;
end

local function not_empty(text)
	return text ~= "" and text or nil;
end

local destroy_form = dataforms.new {
	title = "Destroy rooms";
	instructions = "Choose the rooms that are to end. Whoever is in them has to leave.";
	{ name = "FORM_TYPE"; type = "hidden"; value = node_prefix.."destroy" };
	{ name = "rooms"; type = "list-multi"; label = "Rooms"; required = true };
	{ name = "reason"; type = "text-single"; label = "Reason" };
	{ name = "alternative"; type = "jid-single"; label = "Room to go to instead" };
};

local function list_rooms()
	local options = {};
	for jid, name in pairs(room_names()) do
		table.insert(options, { value = jid; label = name ~= "" and ("%s (%s)"):format(name, jid) or jid });
	end
	table.sort(options, function (a, b) return a.value < b.value; end);
	return { rooms = options };
end

-- Returns the room's JID, or nil and why it has not been destroyed.
local function destroy_one(room_jid, reason, alternative)
	local room, problem = find_room(room_jid);
	if not room then
		return nil, problem;
	end
	local destroyed, _, condition = room:destroy(alternative, reason);
	if not destroyed then
		return nil, ("%s was not destroyed: %s"):format(room.jid, condition or "another plugin does not allow it");
	end
	return room.jid;
end

local function destroy_rooms(fields, admin)
	local destroyed, problems = {}, {};
	for _, room_jid in ipairs(fields.rooms) do
		local jid, problem = destroy_one(room_jid, not_empty(fields.reason), fields.alternative);
		if jid then
			module:log("info", "%s destroyed the room %s", admin, jid);
		end
		table.insert(jid and destroyed or problems, jid or problem);
	end
	return {
		status = "completed";
		info = #destroyed > 0 and "Destroyed:\n"..table.concat(destroyed, "\n") or nil;
		error = #problems > 0 and { message = table.concat(problems, "\n") } or nil;
	};
end

local affiliation_form = dataforms.new {
	title = "Set an affiliation";
	instructions = "Say what somebody is to a room. It is done as by the service itself.";
	{ name = "FORM_TYPE"; type = "hidden"; value = node_prefix.."set-affiliation" };
	{ name = "room"; type = "jid-single"; label = "Room"; required = true };
	{ name = "jid"; type = "jid-single"; label = "Who"; required = true };
	{
		name = "affiliation"; type = "list-single"; label = "Affiliation"; required = true; value = "member"; -- profanity shows no choices without one
		options = { "owner", "admin", "member", "none", "outcast" };
	};
	{ name = "reason"; type = "text-single"; label = "Reason" };
};

local function set_affiliation(fields, admin)
	local room, problem = find_room(fields.room);
	local jid, affiliation = jid_bare(fields.jid), fields.affiliation;
	if not room then
		return failed(problem);
	elseif not is_affiliation[affiliation] then
		return failed(("Affiliation: want owner, admin, member, none or outcast, got %s"):format(affiliation));
	elseif affiliation ~= "owner" and room:is_only_owner(jid) then
		-- The service may (M146), but then nobody could configure the room any longer.
		return failed(("%s is the only owner of %s"):format(jid, room.jid));
	end
	local ok, _, condition = room:set_affiliation(true, jid, affiliation, not_empty(fields.reason));
	if not ok then
		return failed(("%s is not %s in %s: %s"):format(jid, affiliation, room.jid, condition));
	end
	module:log("info", "%s made %s %s in %s", admin, jid, affiliation, room.jid);
	return { status = "completed"; info = ("%s is now %s in %s"):format(jid, affiliation, room.jid) };
end

module:provides("adhoc", new_command("Destroy rooms", node_prefix.."destroy",
	new_initial_data_form(destroy_form, list_rooms, checked(destroy_form, destroy_rooms)), "admin"));
module:provides("adhoc", new_command("Set an affiliation", node_prefix.."set-affiliation",
	new_simple_form(affiliation_form, checked(affiliation_form, set_affiliation)), "admin"));
